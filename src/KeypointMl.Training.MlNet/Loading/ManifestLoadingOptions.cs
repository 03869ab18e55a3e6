using KeypointMl.Data.Manifests;

namespace KeypointMl.Training.MlNet.Loading;

/// <summary>What <c>LoadFromManifest</c> makes of a data set's frames.</summary>
public sealed record ManifestLoadingOptions
{
    /// <summary>Width of the images in pixels, 128 by default: frames are cropped and resized as for training.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Height of the images in pixels.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Whether there is a column of labels, and only labelled frames; null: where the split has labels.</summary>
    public bool? Labels { get; init; }

    /// <summary>Seed of what is generated; files do not depend on it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Is told what a person should know, such as files of a folder that were left out; null for nobody.</summary>
    public Action<string>? Note { get; init; }

    internal DatasetOptions For(string? dataRoot) => new()
    {
        DataRoot = dataRoot,
        Width = Width,
        Height = Height,
        Seed = Seed,
        MemoryBytes = 0,
        Streaming = true,
        Note = Note,
    };
}
