using System.Buffers.Binary;

namespace KeypointMl.Imaging.Images;

/// <summary>
/// Finds the EXIF block of a PNG file: its chunk <c>eXIf</c>, anywhere before <c>IEND</c> (PNG 3, section 11.3.4.5).
/// </summary>
internal static class PngExif
{
    private const int SignatureBytes = 8;
    private const int HeadBytes = 8;
    private const int CheckBytes = 4;

    // JPEG's limit; what is larger is no EXIF.
    private const int MaxExifBytes = 65_535;

    /// <summary>The block; empty where there is none.</summary>
    internal static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> png)
    {
        long position = SignatureBytes;
        while (position + HeadBytes <= png.Length)
        {
            ReadOnlySpan<byte> head = png.Slice((int)position, HeadBytes);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (IsExif(head, length))
                return position + HeadBytes + length <= png.Length ? png.Slice((int)position + HeadBytes, (int)length) : [];
            position += HeadBytes + (long)length + CheckBytes;
        }
        return [];
    }

    /// <summary>The block of a file of which only the chunks' heads are read; empty where there is none.</summary>
    internal static byte[] Find(Stream png)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        for (long position = SignatureBytes; position + HeadBytes <= png.Length;)
        {
            png.Position = position;
            png.ReadExactly(head);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (IsExif(head, length))
            {
                byte[] exif = new byte[length];
                return png.ReadAtLeast(exif, exif.Length, throwOnEndOfStream: false) == exif.Length ? exif : [];
            }
            position += HeadBytes + (long)length + CheckBytes;
        }
        return [];
    }

    private static bool IsExif(ReadOnlySpan<byte> head, uint length) => length <= MaxExifBytes && head[4..].SequenceEqual("eXIf"u8);
}
