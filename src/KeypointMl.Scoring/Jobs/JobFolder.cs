using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace KeypointMl.Scoring.Jobs;

/// <summary>Where the files of a job are.</summary>
/// <param name="path">The folder; every worker sees it under its own path.</param>
internal sealed partial class JobFolder(string path)
{
    /// <summary>The folder.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What the job is; once it is there, the plan is complete.</summary>
    public string Plan => In("plan.json");

    /// <summary>The pipeline as it was when the job was planned.</summary>
    public string Pipeline => In("pipeline.yaml");

    /// <summary>A line for each shard.</summary>
    public string Shards => In("shards.jsonl");

    /// <summary>The inputs, a line each; every shard's are a gzip member of their own.</summary>
    public string Inputs => In("inputs.jsonl.gz");

    /// <summary>The boxes that were found in the videos, where the pipeline says so.</summary>
    public string FoundBoxes => In("boxes.csv");

    /// <summary>The finished shards: Parquet files, together one table.</summary>
    public string Parts => In("parts");

    /// <summary>Who finished which shard: a file for each worker.</summary>
    public string Manifest => In("manifest");

    /// <summary>Shards that are being written.</summary>
    public string Temporary => In("tmp");

    /// <summary>The name of a shard's file, without extension.</summary>
    public static string PartName(int shard) => string.Create(CultureInfo.InvariantCulture, $"part-{shard:D8}");

    /// <summary>The number of the shard that a file's name is of; null where it is of none.</summary>
    public static int? ShardOf(string path) => PartPattern().Match(System.IO.Path.GetFileName(path)) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : null;

    /// <summary>A finished shard.</summary>
    public string Part(int shard) => System.IO.Path.Combine(Parts, PartName(shard) + ".parquet");

    /// <summary>Makes the folders.</summary>
    public void Create()
    {
        foreach (string folder in (string[])[Parts, Manifest, Temporary])
            Directory.CreateDirectory(folder);
    }

    /// <summary>Removes the folders where they hold no file: what an attempt leaves that fails before it has written any.</summary>
    public void RemoveIfEmpty()
    {
        try
        {
            if (Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Any())
                return;
            foreach (string folder in (string[])[Parts, Manifest, Temporary, Path])
                Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not made yet, or another planner has just written into it.
        }
    }

    [GeneratedRegex(@"part-([0-9]{8})\.")]
    private static partial Regex PartPattern();

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>SHA-256 in hexadecimal digits.</summary>
internal static class FileHash
{
    /// <summary>Of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Of a file.</summary>
    public static string OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Of a file, with its length.</summary>
    public static async Task<(string Sha256, long Bytes)> OfFileAsync(string path, CancellationToken cancellation)
    {
        await using FileStream file = File.OpenRead(path);
        return (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false)), file.Length);
    }
}
