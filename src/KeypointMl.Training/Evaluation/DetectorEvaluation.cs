using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Evaluation;

/// <summary>Measures a detector in TorchSharp during training. Published figures come from the exported graph.</summary>
internal static class DetectorEvaluation
{
    /// <summary>Runs the detector over labelled frames.</summary>
    /// <param name="detector">In evaluation mode: image [N,3,H,W] → keypoints [N,K,2] in [−1,1].</param>
    /// <param name="labelled">The frames.</param>
    /// <param name="maxFrames">At most so many frames, evenly spread; null for all.</param>
    /// <param name="prior">For the baselines; null leaves them out.</param>
    /// <param name="offline">Tells left from right a second time; null for none.</param>
    /// <param name="device">Where the detector is; null: on the CPU.</param>
    public static KeypointMetrics Evaluate(
        Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector,
        LabelledFrames labelled,
        int? maxFrames,
        PosePrior? prior,
        OfflineRegressor? offline = null,
        TorchSharp.torch.Device? device = null)
    {
        int[] chosen = Spread(labelled.Frames.Count, maxFrames);
        return Evaluate(labelled, chosen.Chunk(FrameBlocks.Size), batch => Detect(detector, labelled.Frames, batch, device), prior, offline);
    }

    /// <summary>Compares what is detected in labelled frames with their labels.</summary>
    /// <param name="labelled">The frames.</param>
    /// <param name="batches">The indices of those that are looked at, as many at once as <paramref name="detect"/> is to be given.</param>
    /// <param name="detect">Indices of N frames → N poses in pixels of the frames, and their confidences.</param>
    /// <param name="prior">For the baselines; null leaves them out.</param>
    /// <param name="offline">Tells left from right a second time; null for none.</param>
    public static KeypointMetrics Evaluate(
        LabelledFrames labelled,
        IEnumerable<int[]> batches,
        Func<int[], (Vector2[][] Poses, float[][] Confidences)> detect,
        PosePrior? prior,
        OfflineRegressor? offline)
    {
        IFrameSet frames = labelled.Frames;
        Clip[] clips = ClipsOf(frames);
        var evaluator = new KeypointEvaluator(labelled.Skeleton, labelled.Protocol, frames.Width, frames.Height);
        foreach (int[] batch in batches)
        {
            (Vector2[][] predicted, float[][] confidences) = detect(batch);
            Vector2[][]? resolved = offline?.Read(predicted, frames.Width, frames.Height);
            for (int i = 0; i < batch.Length; i++)
            {
                evaluator.Add(predicted[i], labelled.Poses[batch[i]], Context(frames, batch[i], clips[batch[i]]) with
                {
                    OfflinePose = resolved?[i],
                    Confidence = confidences[i],
                });
            }
        }
        return evaluator.Compute(prior is null ? null : Resized(prior, frames));
    }

    /// <summary>Keypoints in pixels of some frames.</summary>
    public static Vector2[][] Predict(
        Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, IFrameSet frames, int[] indices,
        TorchSharp.torch.Device? device = null) =>
        Detect(detector, frames, indices, device).Poses;

    /// <summary>Keypoints in pixels of some frames, and their confidences.</summary>
    public static (Vector2[][] Poses, float[][] Confidences) Detect(
        Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, IFrameSet frames, int[] indices,
        TorchSharp.torch.Device? device = null)
    {
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        (Tensor p, Tensor confidence) =
            detector.call(ImageTensors.FromBytes(FrameBlocks.Read(frames, indices), indices.Length, frames.Height, frames.Width, device));
        return (PointTensors.ToPixels(p, frames.Width, frames.Height), [.. DeviceReads.Singles(confidence).Chunk((int)confidence.shape[1])]);
    }

    /// <summary>At most so many of the indices 0…count−1, evenly spread.</summary>
    public static int[] Spread(int count, int? most)
    {
        int chosen = Math.Min(most ?? int.MaxValue, count);
        return [.. Enumerable.Range(0, chosen).Select(i => (int)((long)i * count / chosen))];
    }

    /// <summary>The clip of every frame.</summary>
    public static Clip[] ClipsOf(IFrameSet frames)
    {
        var clips = new Clip[frames.Count];
        foreach (Clip clip in frames.Clips)
            Array.Fill(clips, clip, clip.Start, clip.Length);
        return clips;
    }

    /// <summary>A frame's group, its clip as what it was drawn with, and the scale of its original crop.</summary>
    public static FrameContext Context(IFrameSet frames, int index, Clip clip)
    {
        Box box = frames.GetId(index).Box;
        return new FrameContext(clip.Group, clip.Name, new Vector2(box.Width / frames.Width, box.Height / frames.Height));
    }

    /// <summary>The prior's poses in pixels of the frames.</summary>
    public static Vector2[][] Resized(PosePrior prior, IFrameSet frames)
    {
        Box whole = Box.WholeImage(prior.Width, prior.Height);
        return [.. prior.Poses.Select(pose => pose.Select(point => whole.ToCrop(point, frames.Width, frames.Height)).ToArray())];
    }
}
