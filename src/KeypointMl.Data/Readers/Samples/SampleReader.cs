using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>A reader that lists the samples of a split; frames, labels and prior poses follow from that list.</summary>
internal abstract class SampleReader<TSplit>(IReadOnlyDictionary<string, TSplit> splits) : SplitReader<TSplit>(splits)
{
    /// <inheritdoc/>
    public sealed override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options) =>
        SampleFrames.Open(List(split, dataRoot, withLabels: false, options), options);

    /// <inheritdoc/>
    public sealed override LabelledFrames OpenLabelled(
        string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options) =>
        SampleFrames.OpenLabelled(Labelled(split, skeleton, dataRoot, options), skeleton, protocol, options);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Vector2[]> OpenPoses(
        string split, Skeleton skeleton, string dataRoot, DatasetOptions options, int? maxPoses)
    {
        IReadOnlyList<Sample> samples = Labelled(split, skeleton, dataRoot, options);
        Sample[] usable = maxPoses is null ? [.. samples] : [.. samples.Where(sample => IsComplete(sample.Labels!(skeleton)))];
        Sample[] chosen = [.. EvenChoice.Choose(usable.Length, maxPoses).Select(i => usable[i])];
        var whole = new WholeFrames(chosen);
        return [.. chosen.Select(sample => SampleFrames.ToFrame(sample, skeleton, () => whole.Of(sample), options))];
    }

    /// <summary>Lists a split's frames; those of a clip follow one another.</summary>
    private protected abstract IEnumerable<Sample> ListSplit(
        string split, string dataRoot, bool withLabels, DatasetOptions options);

    private IReadOnlyList<Sample> Labelled(string split, Skeleton skeleton, string dataRoot, DatasetOptions options)
    {
        IReadOnlyList<Sample> all = List(split, dataRoot, withLabels: true, options with { Skeleton = skeleton });
        Sample[] samples = [.. all.Where(sample => sample.Labels is not null)];
        return samples.Length > 0 ? samples : throw new InvalidDataException($"No frame of split '{split}' under {dataRoot} has labels.");
    }

    private IReadOnlyList<Sample> List(string split, string dataRoot, bool withLabels, DatasetOptions options)
    {
        Sample[] samples = [.. ListSplit(split, dataRoot, withLabels, options)];
        if (samples.FirstOrDefault(sample => sample.Box is Box box && !ImageCropper.CanCrop(box)) is { Box: Box wrong } far)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"{far.Where ?? far.Name}: the crop ({wrong.X}, {wrong.Y}, {wrong.Width}×{wrong.Height}) around its box or points ")
                + FormattableString.Invariant($"has a number beyond {ImageCropper.MaxBoxSide:N0}; expected pixels of the video or image."));
        }
        return samples.Length > 0
            ? samples
            : throw new InvalidDataException(
                $"Split '{split}' has no frame under {dataRoot}; check the split's settings, and the files with 'data check'.");
    }
}
