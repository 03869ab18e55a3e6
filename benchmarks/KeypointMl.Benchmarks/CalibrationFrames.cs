using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Benchmarks;

/// <summary>Frames spread evenly over a set, as calibration batches of a detector.</summary>
internal static class CalibrationFrames
{
    private const int BatchSize = 8;

    /// <summary>
    /// A few synthetic frames where only speed is measured, which ranges do not change: they are there so that the
    /// integers are not all the same.
    /// </summary>
    /// <param name="size">Their width and height.</param>
    public static IEnumerable<CalibrationBatch> Puppets(int size)
    {
        using IFrameSet frames = new PuppetDataset(new PuppetOptions { Width = size, Height = size }).OpenTrainingFrames();
        foreach (CalibrationBatch batch in Read(frames, 2 * BatchSize))
            yield return batch;
    }

    /// <summary>Reads frames.</summary>
    /// <param name="frames">The set, of the detector's own size.</param>
    /// <param name="count">How many, a multiple of 8.</param>
    public static IEnumerable<CalibrationBatch> Read(IFrameSet frames, int count)
    {
        int size = frames.Width * frames.Height * 3;
        for (int first = 0; first < count; first += BatchSize)
        {
            var images = new byte[BatchSize * size];
            for (int index = 0; index < BatchSize; index++)
                frames.Read((int)((first + index) * (long)frames.Count / count), images.AsSpan(index * size, size));
            yield return CalibrationBatch.Create("image", images, BatchSize, frames.Height, frames.Width, 3);
        }
    }
}
