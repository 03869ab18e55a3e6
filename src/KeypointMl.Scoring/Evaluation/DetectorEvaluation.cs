using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Inference;
using KeypointMl.Poses;

namespace KeypointMl.Scoring;

/// <summary>Measures an exported detector on labelled frames.</summary>
public static class DetectorEvaluation
{
    /// <summary>Opens a split of a data set at the detector's size and measures the detector on all of its frames, beside the prior's baselines.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="manifest">The data set.</param>
    /// <param name="split">The split, such as <c>test</c>.</param>
    /// <param name="options">Data root and seed; its width and height are replaced by the detector's.</param>
    /// <exception cref="InvalidDataException">The detector has other keypoints than the data set, or the data cannot be read.</exception>
    /// <exception cref="ArgumentException">The data set has no labels of that split; the message lists those it has.</exception>
    /// <exception cref="IOException">A file of the data set is missing.</exception>
    /// <exception cref="OperationCanceledException">The options' token asked to stop.</exception>
    public static KeypointMetrics Evaluate(KeypointDetector detector, DataManifest manifest, string split, DatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(options);
        RequireSameKeypoints(detector.Skeleton, manifest);
        IDataset dataset = manifest.Open(options with { Width = detector.Width, Height = detector.Height });
        using LabelledFrames labelled = dataset.OpenLabelled(split);
        return Evaluate(detector, labelled, dataset.OpenPrior(), options.Cancellation);
    }

    /// <summary>Measures a detector on labelled frames of its own size.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="labelled">The frames, of the detector's width and height.</param>
    /// <param name="prior">For the baselines; null leaves them out.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="ArgumentException">The frames are of another size, or have another number of keypoints.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public static KeypointMetrics Evaluate(KeypointDetector detector, LabelledFrames labelled, PosePrior? prior, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(labelled);
        IFrameSet frames = labelled.Frames;
        if ((frames.Width, frames.Height) != (detector.Width, detector.Height))
            throw new ArgumentException($"The frames are {frames.Width}×{frames.Height}; the detector takes {detector.Width}×{detector.Height}. Open the data set at the detector's size.", nameof(labelled));
        var evaluator = new KeypointEvaluator(labelled.Skeleton, labelled.Protocol, frames.Width, frames.Height);
        using DetectorBatch batch = detector.RentBatch(detector.Options.BatchSize);
        var points = new Vector2[detector.KeypointCount];
        foreach ((int first, int count, string group) in Runs(frames, batch.Capacity))
        {
            cancellation.ThrowIfCancellationRequested();
            for (int slot = 0; slot < count; slot++)
                frames.Read(first + slot, batch.Image(slot).Span);
            batch.Run(count);
            for (int slot = 0; slot < count; slot++)
            {
                detector.ToFrame(batch.Keypoints(slot), Box.WholeImage(frames.Width, frames.Height), points);
                evaluator.Add(points, labelled.Poses[first + slot], group);
            }
        }
        return evaluator.Compute(prior?.ScaledTo(frames.Width, frames.Height));
    }

    /// <summary>The frames clip by clip, in runs of at most <paramref name="longest"/>.</summary>
    private static IEnumerable<(int First, int Count, string Group)> Runs(IFrameSet frames, int longest) =>
        from clip in frames.Clips
        from offset in Enumerable.Range(0, (clip.Length + longest - 1) / longest)
        select (clip.Start + offset * longest, Math.Min(longest, clip.Length - offset * longest), clip.Group);

    private static void RequireSameKeypoints(Skeleton skeleton, DataManifest manifest)
    {
        if (!skeleton.Keypoints.SequenceEqual(manifest.Skeleton.Keypoints))
        {
            throw new InvalidDataException(
                $"The detector finds the {skeleton.Count} keypoints of skeleton '{skeleton.Name}' ({Some(skeleton)}); {manifest.Path} has the {manifest.Skeleton.Count} of '{manifest.Skeleton.Name}' ({Some(manifest.Skeleton)}). Evaluate it on data with its own keypoints.");
        }
    }

    private static string Some(Skeleton skeleton) => string.Join(", ", skeleton.Keypoints.Take(4)) + (skeleton.Count > 4 ? ", …" : "");
}
