using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Poses;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>Measures η∘Φ in TorchSharp during training. Published figures come from the exported graph.</summary>
internal static class DetectorEvaluation
{
    private const int BatchSize = 32;

    /// <summary>Runs the detector over labelled frames.</summary>
    /// <param name="phi">Φ in evaluation mode.</param>
    /// <param name="eta">η in evaluation mode.</param>
    /// <param name="labelled">The frames.</param>
    /// <param name="maxFrames">At most so many frames, evenly spread; null for all.</param>
    /// <param name="prior">For the baselines; null leaves them out.</param>
    public static KeypointMetrics Evaluate(PoseEncoder phi, KeypointRegressor eta, LabelledFrames labelled, int? maxFrames, PosePrior? prior)
    {
        IFrameSet frames = labelled.Frames;
        int count = Math.Min(maxFrames ?? int.MaxValue, frames.Count);
        int[] chosen = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * frames.Count / count))];
        string[] groups = GroupsOf(frames);
        var evaluator = new KeypointEvaluator(labelled.Skeleton, labelled.Protocol, frames.Width, frames.Height);
        foreach (int[] batch in chosen.Chunk(BatchSize))
        {
            Vector2[][] predicted = Predict(phi, eta, frames, batch);
            for (int i = 0; i < batch.Length; i++)
                evaluator.Add(predicted[i], labelled.Poses[batch[i]], groups[batch[i]]);
        }
        return evaluator.Compute(prior is null ? null : Resized(prior, frames));
    }

    /// <summary>Keypoints in pixels of some frames.</summary>
    public static Vector2[][] Predict(PoseEncoder phi, KeypointRegressor eta, IFrameSet frames, int[] indices)
    {
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        (Tensor p, Tensor __) = eta.call(phi.call(ImageTensors.FromBytes(ReadFrames(frames, indices), indices.Length, frames.Height, frames.Width)));
        return ToPixels(p, frames.Width, frames.Height);
    }

    /// <summary>[N,K,2] in [−1,1] → pixels.</summary>
    public static Vector2[][] ToPixels(Tensor keypoints, int width, int height)
    {
        float[] values = [.. keypoints.detach().cpu().contiguous().data<float>()];
        int k = (int)keypoints.shape[1];
        return [.. values.Chunk(2 * k).Select(pose => pose.Chunk(2).Select(point => NormalizedCoordinates.ToPixel(new Vector2(point[0], point[1]), width, height)).ToArray())];
    }

    /// <summary>[N,H,W,3] bytes of some frames.</summary>
    public static byte[] ReadFrames(IFrameSet frames, int[] indices)
    {
        int size = frames.Width * frames.Height * 3;
        var bytes = new byte[indices.Length * size];
        for (int i = 0; i < indices.Length; i++)
            frames.Read(indices[i], bytes.AsSpan(i * size, size));
        return bytes;
    }

    private static string[] GroupsOf(IFrameSet frames)
    {
        var groups = new string[frames.Count];
        foreach (Clip clip in frames.Clips)
            Array.Fill(groups, clip.Group, clip.Start, clip.Length);
        return groups;
    }

    /// <summary>The prior's poses in pixels of the frames.</summary>
    public static Vector2[][] Resized(PosePrior prior, IFrameSet frames)
    {
        Box whole = Box.WholeImage(prior.Width, prior.Height);
        return [.. prior.Poses.Select(pose => pose.Select(point => whole.ToCrop(point, frames.Width, frames.Height)).ToArray())];
    }
}
