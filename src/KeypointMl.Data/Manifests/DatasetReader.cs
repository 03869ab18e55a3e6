using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Manifests;

/// <summary>A way to read a data set, with the settings that a manifest gives it. Immutable; opens no file before it is asked to.</summary>
public abstract class DatasetReader
{
    /// <summary>The skeleton that the reader itself brings, or null where the manifest gives it.</summary>
    public virtual Skeleton? OwnSkeleton => null;

    /// <summary>The protocol that the reader itself brings, or null where the manifest gives it.</summary>
    public virtual MetricProtocol? OwnProtocol => null;

    /// <summary>Opens the data set.</summary>
    /// <exception cref="DirectoryNotFoundException">The data root is needed, and not given or not there.</exception>
    public abstract IDataset Open(DataManifest manifest, DatasetOptions options);
}

/// <summary>A reader of files under the data root: what a concrete one adds is how a split's frames and labels are found.</summary>
public abstract class FileDatasetReader : DatasetReader
{
    /// <summary>All splits.</summary>
    public abstract IEnumerable<string> Splits { get; }

    /// <summary>The splits that have labels.</summary>
    public abstract IEnumerable<string> LabelledSplits { get; }

    /// <inheritdoc/>
    public sealed override IDataset Open(DataManifest manifest, DatasetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Height);
        return new FileDataset(this, manifest, options with { Skeleton = manifest.Skeleton }, DataRoot.Resolve(options.DataRoot));
    }

    /// <summary>Opens the frames of a split without their labels.</summary>
    public abstract IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options);

    /// <summary>Opens a split's frames with their labels, in pixels of the frames.</summary>
    public abstract LabelledFrames OpenLabelled(
        string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options);

    /// <summary>The poses of a split alone, in pixels of the frames; points that are missing are NaN.</summary>
    /// <param name="split">The split.</param>
    /// <param name="skeleton">The keypoints.</param>
    /// <param name="dataRoot">The folder that paths start from.</param>
    /// <param name="options">Size of the frames, and more.</param>
    /// <param name="maxPoses">How many to take, evenly chosen among those that lack no point; null for all, incomplete ones too.</param>
    public virtual IReadOnlyList<Vector2[]> OpenPoses(
        string split, Skeleton skeleton, string dataRoot, DatasetOptions options, int? maxPoses)
    {
        using LabelledFrames labelled = OpenLabelled(split, skeleton, new MetricProtocol(null, ""), dataRoot, options);
        Vector2[][] usable = maxPoses is null ? [.. labelled.Poses] : [.. labelled.Poses.Where(IsComplete)];
        return [.. EvenChoice.Choose(usable.Length, maxPoses).Select(i => usable[i])];
    }

    /// <summary>Whether no point is missing.</summary>
    internal static bool IsComplete(Vector2[] pose) => pose.All(point => float.IsFinite(point.X) && float.IsFinite(point.Y));

    private sealed class FileDataset(FileDatasetReader reader, DataManifest manifest, DatasetOptions options, string dataRoot) : IDataset
    {
        public string Name => manifest.Name;

        public Skeleton Skeleton => manifest.Skeleton;

        public IReadOnlyList<string> LabelledSplits => [.. reader.LabelledSplits];

        public IFrameSet OpenTrainingFrames() => reader.Splits.Contains(options.TrainingSplit)
            ? reader.OpenFrames(options.TrainingSplit, dataRoot, options)
            : throw new ArgumentException(
                $"Data set '{Name}' has no split '{options.TrainingSplit}'; it has: {string.Join(", ", reader.Splits)}.");

        public PosePrior OpenPrior() => manifest.Prior!.Open(reader, Skeleton, dataRoot, options);

        public LabelledFrames OpenLabelled(string split)
        {
            if (!reader.LabelledSplits.Contains(split))
            {
                throw new ArgumentException(
                    $"Data set '{Name}' has no labels of a split '{split}'; it has those of: "
                    + $"{string.Join(", ", reader.LabelledSplits)}.", nameof(split));
            }
            return reader.OpenLabelled(split, Skeleton, manifest.Protocol, dataRoot, options);
        }
    }
}

/// <summary>Reads a manifest's <c>splits</c>: one mapping of settings per split, at least one.</summary>
internal static class SplitSettings
{
    internal static IReadOnlyDictionary<string, T> Parse<T>(YamlSection reader, YamlValue? splits, Func<YamlSection, T> parse)
    {
        if (splits is null)
        {
            throw reader.Error(
                "this reader needs the key 'splits' at the manifest's top level, such as splits: { train: {…}, test: {…} }.");
        }
        YamlSection section = splits.AsSection();
        var settings = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (string name in section.Keys)
        {
            YamlSection split = section.Required(name).AsSection();
            section.Try(() =>
            {
                settings.Add(name, parse(split));
                split.RejectUnknownKeys();
                return true;
            });
        }
        if (settings.Count == 0)
            splits.Complain("expected at least one split");
        return settings;
    }
}
