using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Benchmarks;

/// <summary>
/// What one would write with KeypointMl.Inference alone: decode a batch's files on all processors, run the detector, go
/// on. No table, no boxes, no account of frames.
/// </summary>
internal static class BareLoop
{
    /// <summary>Detects.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="batch">One of its batches.</param>
    /// <param name="paths">The image files.</param>
    public static void Run(KeypointDetector detector, DetectorBatch batch, IReadOnlyList<string> paths)
    {
        for (int first = 0; first < paths.Count; first += batch.Capacity)
        {
            int count = Math.Min(batch.Capacity, paths.Count - first);
            int start = first;
            Parallel.For(0, count, index =>
            {
                using var image = EncodedImage.Open(paths[start + index]);
                image.Crop(Box.WholeImage(image.Width, image.Height), batch.Image(index).Span, detector.Width, detector.Height);
            });
            batch.Run(count);
        }
    }
}
