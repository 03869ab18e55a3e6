using System.Security.Cryptography;
using System.Text;

namespace KeypointMl.Scoring;

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
