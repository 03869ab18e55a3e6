namespace KeypointMl.Studio;

/// <summary>What a <see cref="Hosting.StudioServer"/> shows, and where it saves.</summary>
public sealed record StudioOptions
{
    /// <summary>Images, videos and folders: what the page may see, and nothing else.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Detectors, or their folders; a <c>generator.onnx</c> beside one is played with.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Folders of training runs to watch.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>What the runs' data manifests' paths start from, where one is gone on with; null for the environment's.</summary>
    public string? DataRoot { get; init; }

    /// <summary>
    /// Gives, for arguments of the <c>keypointml</c> command, the program and all arguments that run it so that it stops cleanly at the
    /// end of its input: by that, the page goes on with a run that was stopped. Null: the page only shows the command.
    /// </summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>>? Starter { get; init; }

    /// <summary>Folders of finished scoring jobs, whose rows are shown over their videos.</summary>
    public IReadOnlyList<string> Jobs { get; init; } = [];

    /// <summary>Files of predictions or of other tools' poses, which are shown over their images and videos.</summary>
    public IReadOnlyList<string> Predictions { get; init; } = [];

    /// <summary>A boxes file that says where the subjects are; null for none.</summary>
    public string? Boxes { get; init; }

    /// <summary>The skeleton to draw poses with where there is no model: a YAML file, or the name of a shipped one.</summary>
    public string? Skeleton { get; init; }

    /// <summary>The folder that labels and predictions are saved in; made when something is.</summary>
    public string SaveFolder { get; init; } = "studio";

    /// <summary>The port on this machine's loopback address; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>How many threads detectors compute with; 0 for as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary>How large a file that is dropped on the page may be; 1 GiB by default.</summary>
    public long MaxUploadBytes { get; init; } = 1L << 30;
}
