using KeypointMl.Data;
using KeypointMl.Poses;

namespace KeypointMl.Training;

/// <summary>What was read from ML.NET's data, as the trainer takes it.</summary>
/// <param name="Skeleton">Names the K keypoints.</param>
/// <param name="Frames">The training frames.</param>
/// <param name="Prior">The unpaired poses.</param>
/// <param name="Test">Labelled frames; null for none.</param>
internal sealed record DataViewDataset(Skeleton Skeleton, IFrameSet Frames, PosePrior Prior, LabelledFrames? Test) : IDataset
{
    public string Name => "the ML.NET pipeline";

    public IReadOnlyList<string> LabelledSplits => Test is null ? [] : ["test"];

    public IFrameSet OpenTrainingFrames() => Frames;

    public PosePrior OpenPrior() => Prior;

    public LabelledFrames OpenLabelled(string split) => split == "test" && Test is not null
        ? Test
        : throw new ArgumentException($"There are no labels of a split '{split}'.", nameof(split));
}
