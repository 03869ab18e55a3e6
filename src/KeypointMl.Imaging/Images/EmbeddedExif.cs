using System.Buffers.Binary;
using SkiaSharp;

namespace KeypointMl.Imaging.Images;

/// <summary>
/// Finds the EXIF block of a PNG file, its chunk <c>eXIf</c> (PNG 3, section 11.3.4.5), or of a WebP file, its chunk
/// <c>EXIF</c> (RFC 9649, section 2.7.1.5).
/// </summary>
internal static class EmbeddedExif
{
    private const int HeadBytes = 8;

    // JPEG's limit; what is larger is no EXIF.
    private const int MaxExifBytes = 65_535;

    /// <summary>Whether files of a format are looked through.</summary>
    internal static bool Knows(SKEncodedImageFormat format) => format is SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp;

    /// <summary>The block; empty where there is none.</summary>
    internal static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> file, SKEncodedImageFormat format)
    {
        bool png = format == SKEncodedImageFormat.Png;
        long position = Start(png);
        while (position + HeadBytes <= file.Length)
        {
            ReadOnlySpan<byte> head = file.Slice((int)position, HeadBytes);
            uint length = Length(head, png);
            if (IsExif(head, length, png))
                return position + HeadBytes + length <= file.Length ? file.Slice((int)position + HeadBytes, (int)length) : [];
            position += HeadBytes + length + Behind(length, png);
        }
        return [];
    }

    /// <summary>The block of a file of which only the chunks' heads are read; empty where there is none.</summary>
    internal static byte[] Find(Stream file, SKEncodedImageFormat format)
    {
        bool png = format == SKEncodedImageFormat.Png;
        Span<byte> head = stackalloc byte[HeadBytes];
        for (long position = Start(png); position + HeadBytes <= file.Length;)
        {
            file.Position = position;
            file.ReadExactly(head);
            uint length = Length(head, png);
            if (IsExif(head, length, png))
            {
                byte[] exif = new byte[length];
                return file.ReadAtLeast(exif, exif.Length, throwOnEndOfStream: false) == exif.Length ? exif : [];
            }
            position += HeadBytes + length + Behind(length, png);
        }
        return [];
    }

    // PNG: a signature, then length, name, content and checksum of each chunk. WebP: RIFF's head, then name, length, content, and a
    // byte where the length is odd.
    private static int Start(bool png) => png ? 8 : 12;

    private static uint Length(ReadOnlySpan<byte> head, bool png) =>
        png ? BinaryPrimitives.ReadUInt32BigEndian(head) : BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);

    private static long Behind(uint length, bool png) => png ? 4 : length % 2;

    private static bool IsExif(ReadOnlySpan<byte> head, uint length, bool png) =>
        length <= MaxExifBytes && (png ? head[4..].SequenceEqual("eXIf"u8) : head[..4].SequenceEqual("EXIF"u8));
}
