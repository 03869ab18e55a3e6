using KeypointMl.Data.Manifests;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>A reader of a data set whose splits have settings of their own (<see cref="SplitSettings"/>).</summary>
/// <param name="splits">The settings by the splits' names.</param>
internal abstract class SplitReader<TSplit>(IReadOnlyDictionary<string, TSplit> splits) : FileDatasetReader
{
    /// <inheritdoc/>
    public sealed override IEnumerable<string> Splits => splits.Keys;

    /// <inheritdoc/>
    public sealed override IEnumerable<string> LabelledSplits =>
        splits.Where(split => HasLabels(split.Value)).Select(split => split.Key);

    /// <summary>A split's settings.</summary>
    private protected TSplit Settings(string split) => splits[split];

    /// <summary>Whether a split has labels; true where the data set's files are labels.</summary>
    private protected virtual bool HasLabels(TSplit split) => true;
}
