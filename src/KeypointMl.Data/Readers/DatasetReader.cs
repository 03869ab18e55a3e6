using KeypointMl.Poses;

namespace KeypointMl.Data;

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
