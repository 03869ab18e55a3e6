using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors.Building;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers;

/// <summary>
/// Reader <c>prior-only</c>: a data set without images, such as motion capture, from which a prior is built
/// (<see cref="PriorBuilder"/>). It has no splits.
/// </summary>
internal sealed class PriorOnlyReader : FileDatasetReader
{
    private PriorOnlyReader()
    {
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Splits => [];

    /// <inheritdoc/>
    public override IEnumerable<string> LabelledSplits => [];

    internal static PriorOnlyReader Parse(YamlSection section, YamlValue? splits)
    {
        section.RejectUnknownKeys();
        splits?.Complain("the reader 'prior-only' has no frames, so no splits; leave the key out");
        return new PriorOnlyReader();
    }

    /// <inheritdoc/>
    public override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options) => throw NoFrames();

    /// <inheritdoc/>
    public override LabelledFrames OpenLabelled(
        string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options) => throw NoFrames();

    private static InvalidOperationException NoFrames() => new("A data set with the reader 'prior-only' has no frames.");
}
