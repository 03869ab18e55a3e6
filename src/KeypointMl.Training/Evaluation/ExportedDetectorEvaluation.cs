using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Streaming;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;

namespace KeypointMl.Training.Evaluation;

/// <summary>Measures an exported detector on labelled frames, by the ONNX Runtime detector that applications use.</summary>
public static class ExportedDetectorEvaluation
{
    // One is measured, one is with the detector, one is being filled.
    private const int Batches = 3;

    /// <summary>Runs the detector over all labelled frames.</summary>
    /// <param name="detectorPath">A <c>detector.onnx</c>.</param>
    /// <param name="labelled">Frames with labels, of any size.</param>
    /// <param name="prior">For the baselines 'mean pose' and 'random prior pose', or null to leave them out.</param>
    /// <param name="options">Device, threads and batch size.</param>
    /// <param name="offline">
    /// Tells left from right a second time, for <see cref="KeypointMetrics.FlipResolvedErrorPercent"/>; null for none.
    /// </param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    /// <exception cref="InvalidDataException">The detector's keypoints are not the data set's.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static KeypointMetrics Measure(
        string detectorPath,
        LabelledFrames labelled,
        PosePrior? prior,
        KeypointDetectorOptions options = default,
        OfflineRegressor? offline = null,
        CancellationToken cancellation = default)
    {
        using var detector = KeypointDetector.Load(detectorPath, options);
        return Measure(detector, labelled, prior, offline, cancellation);
    }

    /// <summary>Runs a detector that is in memory over all labelled frames.</summary>
    /// <param name="detector">The bytes of a <c>detector.onnx</c>.</param>
    /// <param name="labelled">Frames with labels, of any size.</param>
    /// <param name="prior">For the baselines 'mean pose' and 'random prior pose', or null to leave them out.</param>
    /// <param name="options">Device, threads and batch size.</param>
    /// <param name="offline">
    /// Tells left from right a second time, for <see cref="KeypointMetrics.FlipResolvedErrorPercent"/>; null for none.
    /// </param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    /// <exception cref="InvalidDataException">The detector's keypoints are not the data set's.</exception>
    public static KeypointMetrics Measure(
        byte[] detector,
        LabelledFrames labelled,
        PosePrior? prior,
        KeypointDetectorOptions options = default,
        OfflineRegressor? offline = null,
        CancellationToken cancellation = default)
    {
        using var loaded = KeypointDetector.Load(detector, "the exported detector", options);
        return Measure(loaded, labelled, prior, offline, cancellation);
    }

    private static KeypointMetrics Measure(
        KeypointDetector detector, LabelledFrames labelled, PosePrior? prior, OfflineRegressor? offline, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(labelled);
        if (!detector.Skeleton.Keypoints.SequenceEqual(labelled.Skeleton.Keypoints))
        {
            throw new InvalidDataException(
                $"The detector finds the keypoints {string.Join(", ", detector.Skeleton.Keypoints)}; the labels are of "
                + $"{string.Join(", ", labelled.Skeleton.Keypoints)}. Both must be the same, in the same order.");
        }
        IFrameSet frames = labelled.Frames;
        var whole = Box.WholeImage(frames.Width, frames.Height);
        var image = new RgbImage(frames.Width, frames.Height);
        int next = 0;
        int batchSize = detector.Options.BatchSize;
        using var stream = new DetectionStream<int>(detector, new StreamOptions(batchSize, Batches, Ahead: 1), Read);
        return DetectorEvaluation.Evaluate(labelled, Enumerable.Range(0, frames.Count).Chunk(batchSize), Detect, prior, offline);

        bool Read(StreamItem<int> item)
        {
            if (next == frames.Count)
                return false;
            frames.Read(next, image.Pixels);
            item.Add(crop =>
            {
                ImageCropper.Crop(image.Pixels, image.Width, image.Height, whole, crop.Span, detector.Width, detector.Height);
                return (next++, true);
            });
            return true;
        }

        (Vector2[][] Poses, float[][] Confidences) Detect(int[] indices)
        {
            cancellation.ThrowIfCancellationRequested();
            // A frame that cannot be read ends the rows, those before it come first: what ended them is said behind them.
            if (!stream.MoveNext() || (stream.Current!.Rows < indices.Length && !stream.MoveNext()))
                throw new InvalidDataException($"Frame {next} of {frames.Count} was not read.");
            var poses = new Vector2[indices.Length][];
            for (int row = 0; row < indices.Length; row++)
                detector.ToFrame(stream.Current!.Keypoints(row), whole, poses[row] = new Vector2[detector.KeypointCount]);
            return (poses, [.. Enumerable.Range(0, indices.Length).Select(row => stream.Current!.Confidence(row).ToArray())]);
        }
    }
}
