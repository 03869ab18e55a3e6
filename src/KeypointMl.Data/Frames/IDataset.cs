using System.Numerics;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Frames;

/// <summary>An opened data set: what a manifest describes and a reader delivers, at one frame size.</summary>
public interface IDataset
{
    /// <summary>The manifest's short name.</summary>
    string Name { get; }

    /// <summary>The keypoints of labels and prior.</summary>
    Skeleton Skeleton { get; }

    /// <summary>The unlabelled frames that training sees.</summary>
    IFrameSet OpenTrainingFrames();

    /// <summary>The unpaired prior poses.</summary>
    PosePrior OpenPrior();

    /// <summary>The splits that <see cref="OpenLabelled"/> knows; may be empty.</summary>
    IReadOnlyList<string> LabelledSplits { get; }

    /// <summary>Frames with labels: <c>test</c> for evaluation, <c>train</c> for supervised baselines only.</summary>
    /// <exception cref="ArgumentException">The data set has no labels of that split; the message lists those it has.</exception>
    LabelledFrames OpenLabelled(string split);
}

/// <summary>
/// Frames with their true poses: for evaluation and for supervised baselines only. Self-supervised training takes an
/// <see cref="IFrameSet"/>, never this.
/// </summary>
/// <param name="Skeleton">Names the K keypoints.</param>
/// <param name="Frames">The frames.</param>
/// <param name="Poses">
/// One pose per frame: K points in pixels of the frame (0 = centre of the first pixel); a point that is not labelled is
/// NaN.
/// </param>
/// <param name="Protocol">How errors are measured.</param>
public sealed record LabelledFrames(
    Skeleton Skeleton, IFrameSet Frames, IReadOnlyList<Vector2[]> Poses, MetricProtocol Protocol) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Frames.Dispose();
}
