using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Inference.Detection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

/// <summary>The shipped puppets detector, calibrated on generated training frames and compared on others.</summary>
[TestClass]
public sealed class DetectorQuantizationTests
{
    private const int Size = 128;

    [TestMethod]
    [DataRow(QuantizedActivation.UInt8)]
    [DataRow(QuantizedActivation.Int8)]
    public void Quantised_detector_keeps_its_contract_and_moves_no_keypoint_by_half_a_cell(QuantizedActivation activation)
    {
        OnnxModel model = OnnxModel.Load(DetectorPath);
        OnnxModel quantized = OnnxQuantizer.Quantize(model, Calibration(), new OnnxQuantizationOptions { Activation = activation }).Model;

        using KeypointDetector original = KeypointDetector.Load(DetectorPath);
        using KeypointDetector detector = KeypointDetector.Load(quantized.ToArray(), "int8.onnx");
        byte[] images = [.. Frames("test", 16).SelectMany(frame => frame)];
        float[] expected = Keypoints(original, images);
        float[] found = Keypoints(detector, images);
        // A heat map here has cells of 4 pixels, and the detector's own error is 2.3 pixels.
        Assert.IsTrue(OutputErrors.MeanAbsolute(expected, found) < 0.2, $"mean {OutputErrors.MeanAbsolute(expected, found)} px");
        Assert.IsTrue(OutputErrors.MaxAbsolute(expected, found) < 2, $"largest {OutputErrors.MaxAbsolute(expected, found)} px");
        Assert.IsTrue(OutputErrors.MaxAbsolute(expected, found) > 0.01, "it is not the original");
    }

    [TestMethod]
    public void Every_quantised_convolution_of_the_detector_runs_on_an_integer_kernel()
    {
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(OnnxModel.Load(DetectorPath), Calibration());
        int quantized = result.Report.Nodes.Count(node => node.OpType == "Conv" && node.IsQuantized);
        Assert.AreEqual(11, quantized, "those that are wide enough to gain by it");
        List<OnnxNode> optimized = QuantizationModels.Optimized(result.Model);
        Assert.AreEqual(quantized, optimized.Count(node => node.OpType == "QLinearConv"));
        Assert.AreEqual(3, optimized.Count(node => node.OpType == "QLinearConcat"));
        foreach (QuantizedNode node in result.Report.Nodes.Where(node => node.Name.Contains("softArgmax", StringComparison.Ordinal)))
            Assert.IsFalse(node.IsQuantized, $"{node.Name}: keypoint arithmetic stays in floats");
    }

    [TestMethod]
    public void Detector_within_an_error_limit_is_found()
    {
        OnnxModel model = OnnxModel.Load(DetectorPath);
        CalibrationBatch[] batches = [.. Calibration()];
        double Unlimited() => OnnxQuantizer.Quantize(model, batches, new OnnxQuantizationOptions
        {
            ErrorLimit = new OutputErrorLimit("keypoints", 100),
        }).Report.OutputError!.Value;
        double limit = Unlimited() * 0.8;

        OnnxQuantizationReport report = OnnxQuantizer.Quantize(model, batches, new OnnxQuantizationOptions
        {
            ErrorLimit = new OutputErrorLimit("keypoints", limit),
        }).Report;

        Assert.IsTrue(report.OutputError <= limit, $"{report.OutputError} px of {limit}");
        int quantized = report.Nodes.Count(node => node.OpType == "Conv" && node.IsQuantized);
        Assert.IsTrue(quantized is > 0 and < 24, $"{quantized} convolutions");
    }

    private static string DetectorPath => Path.Combine(RepositoryFiles.Root, "onnx", "puppets", "detector.onnx");

    private static IEnumerable<CalibrationBatch> Calibration() => Frames("train", 32).Chunk(8)
        .Select(frames => CalibrationBatch.Create("image", [.. frames.SelectMany(frame => frame)], 8, Size, Size, 3));

    // Spread over all of them.
    private static IEnumerable<byte[]> Frames(string split, int count)
    {
        var puppets = new PuppetDataset(new PuppetOptions { Width = Size, Height = Size });
        using IFrameSet frames = split == "train" ? puppets.OpenTrainingFrames() : puppets.OpenLabelled(split).Frames;
        for (int i = 0; i < count; i++)
        {
            var pixels = new byte[Size * Size * 3];
            frames.Read((int)((long)i * frames.Count / count), pixels);
            yield return pixels;
        }
    }

    private static float[] Keypoints(KeypointDetector detector, byte[] images)
    {
        var keypoints = new float[images.Length / (Size * Size * 3) * detector.KeypointCount * 2];
        detector.Detect(images, keypoints, []);
        return keypoints;
    }
}
