using System.IO.Compression;

namespace KeypointMl.Rows;

/// <summary>The content of an entry of a zip that may come from anywhere.</summary>
internal static class ZipEntryBytes
{
    // Weights hardly compress: what grows far more than this is made to fill memory.
    private const long GrowthAlways = 64 << 20;
    private const long Growth = 100;

    /// <summary>Reads it.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="maxBytes">The most that it may have; what it says of itself is looked at before anything is read, and held
    /// to while it is.</param>
    /// <exception cref="InvalidDataException">It has more bytes than are allowed, or others than it says, or is damaged.</exception>
    public static byte[] Read(ZipArchiveEntry entry, string name, long maxBytes)
    {
        maxBytes = Math.Min(maxBytes, Array.MaxLength);
        if (entry.Length > maxBytes)
        {
            throw new InvalidDataException(
                $"The model file's entry '{name}' has {entry.Length:N0} bytes; at most {maxBytes:N0} are allowed. It is not what "
                + "KeypointMl saves: take the model from a source that you trust.");
        }
        if (entry.Length > GrowthAlways + Growth * entry.CompressedLength)
        {
            throw new InvalidDataException(
                $"The model file's entry '{name}' grows from {entry.CompressedLength:N0} to {entry.Length:N0} bytes, which no model "
                + "does. It is not what KeypointMl saves: take the model from a source that you trust.");
        }
        try
        {
            using Stream stream = entry.Open();
            byte[] content = new byte[entry.Length];
            stream.ReadExactly(content);
            return stream.ReadByte() < 0 ? content : throw new InvalidDataException("it has more bytes than it says");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"The model file's entry '{name}' is damaged ({e.Message.TrimEnd('.')}). Save the model again.", e);
        }
    }
}
