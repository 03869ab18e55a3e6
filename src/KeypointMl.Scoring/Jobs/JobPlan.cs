using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeypointMl.Scoring.Jobs;

/// <summary>What a job is: the contents of its <c>plan.json</c>.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Program">The version of KeypointMl that planned it; workers must be the same, for another may give other numbers.</param>
/// <param name="Folder">The folder that the pipeline's relative paths start from.</param>
/// <param name="Roots">The folders that the inputs are in, one for each source.</param>
/// <param name="PipelineSha256">Of the pipeline's text.</param>
/// <param name="ModelSha256">Of the model's file.</param>
/// <param name="BoxesSha256">Of the boxes file, or of the job's own of the boxes that were found; null without one.</param>
/// <param name="ShardFrames">How many frames a shard has, but for the last ones.</param>
/// <param name="Inputs">How many files there are.</param>
/// <param name="Frames">How many frames there are: images, and scored frames of videos by their packets.</param>
/// <param name="Shards">How many shards there are.</param>
/// <param name="ShardsSha256">Of <c>shards.jsonl</c>; null in plans of earlier versions, which have no checksums.</param>
/// <param name="Sha256">Of the plan itself, as <see cref="WithChecksum"/> computes it; null as above.</param>
/// <param name="FindFaults">Why no subjects could be looked for in a video, by its name; null where all could.</param>
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
    int Shards,
    string? ShardsSha256 = null,
    string? Sha256 = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? FindFaults = null)
{
    /// <summary>The version of the format.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of KeypointMl.</summary>
    public static string CurrentProgram { get; } = typeof(JobPlan).Assembly.GetName().Version!.ToString(3);

    /// <summary>What results depend on beside the inputs: part of every shard's key.</summary>
    internal string Identity => $"{Program}\n{PipelineSha256}\n{ModelSha256}\n{BoxesSha256}\n";

    /// <summary>The same plan with its own checksum.</summary>
    internal JobPlan WithChecksum() =>
        this with { Sha256 = FileHash.Of(JsonSerializer.SerializeToUtf8Bytes(this with { Sha256 = null }, JobJson.Line)) };
}

/// <summary>A part of a job: a line of <c>shards.jsonl</c>.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Key">What it is made of: a hash of its inputs, the model, the pipeline, the boxes and the program's version.</param>
/// <param name="Frames">How many frames are expected.</param>
/// <param name="Offset">Where its inputs begin in <c>inputs.jsonl.gz</c>.</param>
/// <param name="Bytes">How many bytes they take there.</param>
public sealed record Shard(int Number, string Key, long Frames, long Offset, long Bytes)
{
    /// <summary>The key of a shard.</summary>
    /// <param name="inputs">The lines of its inputs.</param>
    /// <param name="plan">The job's.</param>
    internal static string KeyOf(ReadOnlySpan<byte> inputs, JobPlan plan) => KeyOf(SHA256.HashData(inputs), plan);

    /// <inheritdoc cref="KeyOf(ReadOnlySpan{byte}, JobPlan)"/>
    internal static string KeyOf(Stream inputs, JobPlan plan) => KeyOf(SHA256.HashData(inputs), plan);

    private static string KeyOf(byte[] sha256, JobPlan plan) =>
        Convert.ToHexStringLower(SHA256.HashData([.. sha256, .. Encoding.UTF8.GetBytes(plan.Identity)]).AsSpan(0, 16));
}
