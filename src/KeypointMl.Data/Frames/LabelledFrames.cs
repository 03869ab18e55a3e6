using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>
/// Frames with their true poses: for evaluation and for supervised baselines only. Self-supervised training takes an <see cref="IFrameSet"/>, never this.
/// </summary>
/// <param name="Skeleton">Names the K keypoints.</param>
/// <param name="Frames">The frames.</param>
/// <param name="Poses">One pose per frame: K points in pixels of the frame (0 = centre of the first pixel); a point that is not labelled is NaN.</param>
/// <param name="Protocol">How errors are measured.</param>
public sealed record LabelledFrames(Skeleton Skeleton, IFrameSet Frames, IReadOnlyList<Vector2[]> Poses, MetricProtocol Protocol) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Frames.Dispose();
}
