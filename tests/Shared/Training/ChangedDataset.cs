using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Testing;

/// <summary>A data set of which a test changes a part.</summary>
internal abstract class ChangedDataset(IDataset inner) : IDataset
{
    public string Name => inner.Name;

    public virtual Skeleton Skeleton => inner.Skeleton;

    public IReadOnlyList<string> LabelledSplits => inner.LabelledSplits;

    public virtual IFrameSet OpenTrainingFrames() => inner.OpenTrainingFrames();

    public PosePrior OpenPrior() => inner.OpenPrior();

    public virtual LabelledFrames OpenLabelled(string split) => inner.OpenLabelled(split);
}
