using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace KeypointMl.Training.Checkpoints.Safetensors;

/// <summary>
/// SHA-256 of every tensor of a safetensors file, and of its header, as two strings of its metadata. The format itself has
/// none: of a damaged weight nothing else would tell.
/// </summary>
internal static class SafetensorsChecksums
{
    private const string TensorsKey = "sha256.tensors";
    private const string HeaderKey = "sha256.header";

    /// <summary>The metadata with the checksums of it and of the tensors.</summary>
    public static ImmutableSortedDictionary<string, string> AddTo(
        ImmutableSortedDictionary<string, string> metadata, IReadOnlyCollection<SafetensorsTensor> tensors)
    {
        IEnumerable<string> lines = tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(LineOf);
        metadata = metadata.SetItem(TensorsKey, string.Join('\n', lines));
        return metadata.SetItem(HeaderKey, HashOfHeader(metadata, tensors));
    }

    /// <summary>The metadata without checksums.</summary>
    public static ImmutableSortedDictionary<string, string> RemoveFrom(ImmutableSortedDictionary<string, string> metadata) =>
        metadata.RemoveRange([TensorsKey, HeaderKey]);

    /// <summary>Whether a file has them.</summary>
    public static bool AreIn(SafetensorsFile file) => file.Metadata.ContainsKey(HeaderKey) || file.Metadata.ContainsKey(TensorsKey);

    /// <summary>Compares a file with its checksums.</summary>
    /// <exception cref="InvalidDataException">It is not what was written; the message names it and what of it.</exception>
    public static void Verify(SafetensorsFile file, string name)
    {
        if (!file.Metadata.TryGetValue(HeaderKey, out string? header) || !file.Metadata.TryGetValue(TensorsKey, out string? lines))
            throw new InvalidDataException($"'{name}' is damaged: its metadata lack the checksums.");
        if (HashOfHeader(file.Metadata.Remove(HeaderKey), file.Tensors) != header)
            throw new InvalidDataException($"'{name}' is damaged: its header is not what was written (SHA-256).");
        var written = lines.Split('\n').ToHashSet(StringComparer.Ordinal);
        foreach (SafetensorsTensor tensor in file.Tensors)
        {
            if (!written.Contains(LineOf(tensor)))
            {
                throw new InvalidDataException(
                    $"'{name}' is damaged: the bytes of its tensor '{tensor.Name}' are not those that were written (SHA-256).");
            }
        }
    }

    private static string LineOf(SafetensorsTensor tensor) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(tensor.Data.Span))} {tensor.Name}";

    // Names, types and shapes too: a file may be damaged so that it is still well formed.
    private static string HashOfHeader(ImmutableSortedDictionary<string, string> metadata, IEnumerable<SafetensorsTensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string key, string value) in metadata)
            Append($"{key.Length}:{key}{value.Length}:{value}");
        foreach (SafetensorsTensor tensor in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
            Append($"{tensor.Name.Length}:{tensor.Name} {tensor.Type} [{string.Join(',', tensor.Shape)}]");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
