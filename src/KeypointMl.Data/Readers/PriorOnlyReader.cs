using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>Reader <c>prior-only</c>: a data set without images, such as motion capture, from which a prior is built (<see cref="PriorBuilder"/>). It has no splits.</summary>
public sealed class PriorOnlyReader : FileDatasetReader
{
    private PriorOnlyReader()
    {
    }

    /// <inheritdoc/>
    protected internal override IEnumerable<string> Splits => [];

    /// <inheritdoc/>
    protected internal override IEnumerable<string> LabelledSplits => [];

    internal static PriorOnlyReader Parse(YamlSection section, YamlValue? splits)
    {
        section.RejectUnknownKeys();
        return splits is null ? new PriorOnlyReader() : throw splits.Error("the reader 'prior-only' has no frames, so no splits; leave the key out");
    }

    /// <inheritdoc/>
    protected internal override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options) => throw NoFrames();

    /// <inheritdoc/>
    protected internal override LabelledFrames OpenLabelled(string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options) => throw NoFrames();

    private static InvalidOperationException NoFrames() => new("A data set with the reader 'prior-only' has no frames.");
}
