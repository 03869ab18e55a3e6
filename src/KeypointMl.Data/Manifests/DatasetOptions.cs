namespace KeypointMl.Data;

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
    /// Whether the frames will be read once, one after the other (see <see cref="ISequentialFrameSet"/>), so that nothing is decoded ahead; set <see cref="MemoryBytes"/> to 0 to have
    /// nothing kept either.
    /// </summary>
    public bool Streaming { get; init; }

    /// <summary>How many bytes of decoded frames one frame set may keep in memory: 4 GiB by default.</summary>
    public long MemoryBytes { get; init; } = 4L << 30;

    /// <summary>Is told what a person should know, such as files of a folder that were left out; null for nobody.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Stops a long opening, such as the decoding of a video.</summary>
    public CancellationToken Cancellation { get; init; }
}
