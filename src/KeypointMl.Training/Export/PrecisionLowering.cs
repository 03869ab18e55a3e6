using System.Text.Json.Nodes;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Quantization;
using KeypointMl.Training.Batches;

namespace KeypointMl.Training.Export;

/// <summary>Turns an exported graph of 32-bit floats into one of a lower precision, and says how for its provenance.</summary>
internal static class PrecisionLowering
{
    private const int CalibrationBatch = 8;

    /// <summary>A detector or generator in 16-bit floats.</summary>
    public static OnnxModel ToFloat16(OnnxModel model)
    {
        OnnxModel half = model.Clone();
        OnnxOptimizer.Optimize(half, new OnnxOptimizationOptions { ConvertToFloat16 = true });
        return half;
    }

    /// <summary>A detector in 8-bit integers.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="frames">Training frames.</param>
    /// <param name="count">How many of them to calibrate on.</param>
    /// <returns>The model, and how it was calibrated.</returns>
    public static (OnnxModel Model, JsonObject Notes) ToInt8(OnnxModel model, ExportFrames frames, int count)
    {
        if (!frames.AreTypical)
        {
            throw new InvalidOperationException(
                $"An 8-bit detector is calibrated on frames like those that it will see, and there are only {frames.Name}. "
                + "Give the run's data (--data-root).");
        }
        count = Math.Min(count, frames.Frames.Count);
        OnnxQuantizationOptions options = OnnxQuantizationOptions.Default;
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(model, Batches(frames, count), options);
        var notes = new JsonObject
        {
            ["frames"] = count,
            ["from"] = frames.Name,
            ["method"] = options.Calibration.ToString().ToLowerInvariant(),
            ["quantised_nodes"] = result.Report.Nodes.Count(node => node.IsQuantized),
            ["nodes"] = result.Report.Nodes.Length,
        };
        return (result.Model, notes);
    }

    private static IEnumerable<CalibrationBatch> Batches(ExportFrames frames, int count)
    {
        foreach (int[] batch in frames.Spread(count).Chunk(CalibrationBatch))
        {
            yield return Onnx.Quantization.CalibrationBatch.Create(
                "image", FrameBlocks.Read(frames.Frames, batch), batch.Length, frames.Frames.Height, frames.Frames.Width, 3);
        }
    }
}
