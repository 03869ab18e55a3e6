using KeypointMl.Poses;

namespace KeypointMl.Data;

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
