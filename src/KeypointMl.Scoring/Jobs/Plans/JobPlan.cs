namespace KeypointMl.Scoring;

/// <summary>What a job is: the contents of its <c>plan.json</c>.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Program">The version of KeypointMl that planned it; workers must be the same, for another may give other numbers.</param>
/// <param name="Folder">The folder that the pipeline's relative paths start from.</param>
/// <param name="Roots">The folders that the inputs are in, one for each source.</param>
/// <param name="PipelineSha256">Of the pipeline's text.</param>
/// <param name="ModelSha256">Of the model's file.</param>
/// <param name="BoxesSha256">Of the boxes file; null without one.</param>
/// <param name="ShardFrames">How many frames a shard has, but for the last ones.</param>
/// <param name="Inputs">How many files there are.</param>
/// <param name="Frames">How many frames there are: images, and scored frames of videos by their packets.</param>
/// <param name="Shards">How many shards there are.</param>
public sealed record JobPlan(
    int Version,
    string Program,
    string Folder,
    IReadOnlyList<string> Roots,
    string PipelineSha256,
    string ModelSha256,
    string? BoxesSha256,
    int ShardFrames,
    long Inputs,
    long Frames,
    int Shards)
{
    /// <summary>The version of the format.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of KeypointMl.</summary>
    public static string CurrentProgram { get; } = typeof(JobPlan).Assembly.GetName().Version!.ToString(3);
}
