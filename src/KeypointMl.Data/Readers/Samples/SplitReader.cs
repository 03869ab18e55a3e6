using KeypointMl.Data.Manifests;
using KeypointMl.Data.Yaml;

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

/// <summary>The settings of a split whose images lie in a folder.</summary>
/// <param name="Folder">Where they are, from the data root.</param>
/// <param name="Labels">The file of labels; null for none.</param>
internal sealed record FolderSplit(string Folder, string? Labels)
{
    internal static IReadOnlyDictionary<string, FolderSplit> Parse(YamlSection section, YamlValue? splits) => SplitSettings.Parse(
        section, splits, split => new FolderSplit(split.Required("folder").AsString(), split.Optional("labels")?.AsString()));
}
