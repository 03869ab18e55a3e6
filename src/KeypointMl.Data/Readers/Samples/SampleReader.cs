using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>A reader that lists the samples of a split; frames, labels and prior poses follow from that list.</summary>
public abstract class SampleReader : FileDatasetReader
{
    /// <inheritdoc/>
    protected internal sealed override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options) =>
        SampleFrames.Open(List(split, dataRoot, withLabels: false, options.Cancellation), options);

    /// <inheritdoc/>
    protected internal sealed override LabelledFrames OpenLabelled(string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options) =>
        SampleFrames.OpenLabelled(Labelled(split, dataRoot, options), skeleton, protocol, options);

    /// <inheritdoc/>
    protected internal sealed override IReadOnlyList<Vector2[]> OpenPoses(string split, Skeleton skeleton, string dataRoot, DatasetOptions options, int? maxPoses)
    {
        IReadOnlyList<Sample> samples = Labelled(split, dataRoot, options);
        return [.. Evenly.Choose(samples.Count, maxPoses).Select(i => SampleFrames.ToFrame(samples[i], skeleton, () => WholeImage(samples[i]), options))];
    }

    /// <summary>Lists a split's frames; those of a clip follow one another.</summary>
    private protected abstract IEnumerable<Sample> ListSplit(string split, string dataRoot, bool withLabels, CancellationToken cancellation);

    private IReadOnlyList<Sample> Labelled(string split, string dataRoot, DatasetOptions options)
    {
        Sample[] samples = [.. List(split, dataRoot, withLabels: true, options.Cancellation).Where(sample => sample.Labels is not null)];
        return samples.Length > 0 ? samples : throw new InvalidDataException($"No frame of split '{split}' under {dataRoot} has labels.");
    }

    private IReadOnlyList<Sample> List(string split, string dataRoot, bool withLabels, CancellationToken cancellation)
    {
        Sample[] samples = [.. ListSplit(split, dataRoot, withLabels, cancellation)];
        return samples.Length > 0 ? samples : throw new InvalidDataException($"Split '{split}' has no frame under {dataRoot}; check the split's settings, and the files with 'data check'.");
    }

    private static Box WholeImage(Sample sample)
    {
        if (sample.Embedded is EmbeddedImage embedded)
        {
            using EncodedImage image = embedded.Open();
            return Box.WholeImage(image.Width, image.Height);
        }
        (int width, int height) = sample.Frame is null ? ImageDecoder.ReadSize(sample.Path) : VideoProbe.Read(sample.Path) is var info ? (info.Width, info.Height) : default;
        return Box.WholeImage(width, height);
    }
}
