using System.Security.Cryptography;

namespace KeypointMl.Scoring;

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
