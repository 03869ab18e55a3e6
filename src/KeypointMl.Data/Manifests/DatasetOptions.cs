using KeypointMl.Data.Frames;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Manifests;

/// <summary>What is asked of a data set beyond its manifest.</summary>
public sealed record DatasetOptions
{
    /// <summary>The folder that the manifest's paths start from; null for the environment variable <c>KEYPOINTML_DATA</c>.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Width of the frames in pixels.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Height of the frames in pixels.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Seed of what is generated: 1 by default, as in recipes; files do not depend on it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The split whose unlabelled frames training sees.</summary>
    public string TrainingSplit { get; init; } = "train";

    /// <summary>
    /// Whether the frames will be read once, one after the other (see <see cref="ISequentialFrameSet"/>), so that
    /// nothing is decoded ahead; set <see cref="MemoryBytes"/> to 0 to have nothing kept either.
    /// </summary>
    public bool Streaming { get; init; }

    /// <summary>How many bytes of decoded frames one frame set may keep in memory: 4 GiB by default.</summary>
    public long MemoryBytes { get; init; } = 4L << 30;

    /// <summary>Is told what a person should know, such as files of a folder that were left out; null for nobody.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Stops a long opening, such as the decoding of a video.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The manifest's skeleton, for readers that cut out what it names; null where no manifest is opened.</summary>
    internal Skeleton? Skeleton { get; init; }
}

/// <summary>The folder that the paths in data manifests start from.</summary>
public static class DataRoot
{
    /// <summary>The environment variable that names it where no argument does.</summary>
    public const string EnvironmentVariable = "KEYPOINTML_DATA";

    /// <summary>The argument, else the environment variable's value; null where neither is given.</summary>
    internal static string? Find(string? argument)
    {
        string? folder = string.IsNullOrEmpty(argument) ? Environment.GetEnvironmentVariable(EnvironmentVariable) : argument;
        return string.IsNullOrEmpty(folder) ? null : folder;
    }

    /// <summary>The folder: the argument, else the environment variable.</summary>
    /// <param name="argument">What the user gave, or null.</param>
    /// <exception cref="DirectoryNotFoundException">Neither is given, or there is no such folder.</exception>
    public static string Resolve(string? argument)
    {
        if (Find(argument) is not { } folder)
        {
            throw new DirectoryNotFoundException(
                $"The data root is not known. Give --data-root FOLDER, or set the environment variable {EnvironmentVariable} "
                + "to the folder that the manifest's paths start from.");
        }
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"The data root {folder} "
                + $"({(string.IsNullOrEmpty(argument) ? $"from {EnvironmentVariable}" : "from --data-root")}) is no folder.");
        }
        return Path.GetFullPath(folder);
    }
}
