using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>A reader of files under the data root: what a concrete one adds is how a split's frames and labels are found.</summary>
public abstract class FileDatasetReader : DatasetReader
{
    /// <summary>All splits.</summary>
    protected internal abstract IEnumerable<string> Splits { get; }

    /// <summary>The splits that have labels.</summary>
    protected internal abstract IEnumerable<string> LabelledSplits { get; }

    /// <inheritdoc/>
    public sealed override IDataset Open(DataManifest manifest, DatasetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Height);
        return new FileDataset(this, manifest, options, DataRoot.Resolve(options.DataRoot));
    }

    /// <summary>Opens the frames of a split without their labels.</summary>
    protected internal abstract IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options);

    /// <summary>Opens a split's frames with their labels, in pixels of the frames.</summary>
    protected internal abstract LabelledFrames OpenLabelled(string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options);

    /// <summary>The poses of a split alone, in pixels of the frames; points that are missing are NaN.</summary>
    protected internal virtual IReadOnlyList<Vector2[]> OpenPoses(string split, Skeleton skeleton, string dataRoot, DatasetOptions options, int? maxPoses)
    {
        using LabelledFrames labelled = OpenLabelled(split, skeleton, new MetricProtocol(null, ""), dataRoot, options);
        return [.. Evenly.Choose(labelled.Poses.Count, maxPoses).Select(i => labelled.Poses[i])];
    }

    private sealed class FileDataset(FileDatasetReader reader, DataManifest manifest, DatasetOptions options, string dataRoot) : IDataset
    {
        public string Name => manifest.Name;

        public Skeleton Skeleton => manifest.Skeleton;

        public IReadOnlyList<string> LabelledSplits => [.. reader.LabelledSplits];

        public IFrameSet OpenTrainingFrames() => reader.Splits.Contains(options.TrainingSplit)
            ? reader.OpenFrames(options.TrainingSplit, dataRoot, options)
            : throw new ArgumentException($"Data set '{Name}' has no split '{options.TrainingSplit}'; it has: {string.Join(", ", reader.Splits)}.");

        public PosePrior OpenPrior() => manifest.Prior!.Open(reader, Skeleton, dataRoot, options);

        public LabelledFrames OpenLabelled(string split)
        {
            if (!reader.LabelledSplits.Contains(split))
                throw new ArgumentException($"Data set '{Name}' has no labels of a split '{split}'; it has those of: {string.Join(", ", reader.LabelledSplits)}.", nameof(split));
            return reader.OpenLabelled(split, Skeleton, manifest.Protocol, dataRoot, options);
        }
    }
}
