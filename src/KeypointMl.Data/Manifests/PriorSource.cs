using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>Where a data set's prior poses come from.</summary>
public abstract record PriorSource
{
    private protected PriorSource()
    {
    }

    internal static PriorSource Parse(YamlSection section) => section.Optional("split") is null ? PriorFile.Parse(section) : PriorSplit.Parse(section);

    internal abstract PosePrior Open(FileDatasetReader reader, Skeleton skeleton, string dataRoot, DatasetOptions options);
}
