using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace KeypointMl.Testing;

/// <summary>Image files that Skia's encoders do not write: made byte by byte from their formats' specifications.</summary>
internal static class OddImages
{
    /// <summary>A PNG header (ISO/IEC 15948) of a size that need not be true, without any pixels.</summary>
    public static byte[] PngHeader(int width, int height) =>
    [
        .. Signature, .. Chunk("IHDR", [.. BigEndian(width), .. BigEndian(height), 8, 2, 0, 0, 0]), .. Chunk("IDAT", []),
        .. Chunk("IEND", []),
    ];

    /// <summary>A PNG of 16 bits for each channel, of one colour.</summary>
    public static byte[] Png16(int width, int height, ushort red, ushort green, ushort blue)
    {
        byte[] pixel = [(byte)(red >> 8), (byte)red, (byte)(green >> 8), (byte)green, (byte)(blue >> 8), (byte)blue];
        byte[] row = [0, .. Enumerable.Repeat(pixel, width).SelectMany(bytes => bytes)];
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
                zlib.Write(row);
        }
        return [.. Signature, .. Chunk("IHDR", [.. BigEndian(width), .. BigEndian(height), 16, 2, 0, 0, 0]),
            .. Chunk("IDAT", compressed.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>An animated GIF (89a) of 2×2 pixels with two pictures: one of the first colour, then one of the second.</summary>
    public static byte[] AnimatedGif((byte R, byte G, byte B) first, (byte R, byte G, byte B) second)
    {
        byte[] palette = [first.R, first.G, first.B, second.R, second.G, second.B, 0, 0, 0, 0, 0, 0];
        return
        [
            .. "GIF89a"u8, 2, 0, 2, 0, 0b1_000_0_001, 0, 0, .. palette,
            .. Picture(0), .. Picture(1), 0x3B,
        ];

        // LZW of 3-bit codes: a clear code (4) before each pixel keeps the table from growing; 5 ends.
        static byte[] Picture(byte colour)
        {
            int[] codes = [4, colour, 4, colour, 4, colour, 4, colour, 5];
            int bits = codes.Select((code, i) => code << (3 * i)).Sum();
            byte[] control = [0x21, 0xF9, 4, 0, 10, 0, 0, 0];
            return [.. control, 0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 4, (byte)bits, (byte)(bits >> 8), (byte)(bits >> 16),
                (byte)(bits >> 24), 0];
        }
    }

    /// <summary>
    /// A baseline JPEG (ITU-T T.81) of 8×8 pixels of one colour in four channels, inks inverted as Adobe writes them:
    /// 255 is no ink.
    /// </summary>
    public static byte[] CmykJpeg(byte cyan, byte magenta, byte yellow, byte black)
    {
        byte[] jpeg =
        [
            0xFF, 0xD8,
            0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0,
            0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
            0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0,
            // Huffman tables: DC sizes 0…11 have codes of 4 bits in order; of AC there is only the end of the block, code 0.
            0xFF, 0xC4, 0, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
            0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0,
        ];
        var bits = new StringBuilder();
        foreach (byte value in new[] { cyan, magenta, yellow, black })
        {
            int coefficient = 8 * (value - 128);
            int size = coefficient == 0 ? 0 : (int)Math.Log2(Math.Abs(coefficient)) + 1;
            int code = coefficient >= 0 ? coefficient : coefficient + (1 << size) - 1;
            bits.Append(size.ToString("b4")).Append(size == 0 ? "" : code.ToString($"b{size}")).Append('0');
        }
        while (bits.Length % 8 != 0)
            bits.Append('1');
        byte[] scan = [.. bits.ToString().Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2))
            .SelectMany(octet => octet == 0xFF ? new byte[] { 0xFF, 0 } : [octet])];
        return [.. jpeg, .. scan, 0xFF, 0xD9];
    }

    /// <summary>A JPEG with an EXIF orientation (tag 274): inserts an APP1 segment after the start-of-image marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif"u8, 0, 0, .. "MM"u8, 0, 42, 0, 0, 0, 8,
            0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    /// <summary>
    /// A PNG with an EXIF orientation: inserts a chunk <c>eXIf</c> (PNG 3, 11.3.4.5) after the header, or before the
    /// end.
    /// </summary>
    public static byte[] PngWithOrientation(byte[] png, byte orientation, bool little = false, bool atEnd = false, bool prefixed = false)
    {
        byte[] chunk = Chunk("eXIf", [.. prefixed ? "Exif\0\0"u8 : [], .. Tiff(orientation, little)]);
        int at = atEnd ? png.Length - 12 : Signature.Length + 25;
        return [.. png[..at], .. chunk, .. png[at..]];
    }

    /// <summary>
    /// A lossy or lossless WebP of one still picture with an EXIF orientation: an extended file (RFC 9649) of
    /// <c>VP8X</c>, the picture and <c>EXIF</c>.
    /// </summary>
    public static byte[] WebPWithOrientation(byte[] webp, int width, int height, byte orientation, bool prefixed = false)
    {
        byte[] exif = [.. prefixed ? "Exif\0\0"u8 : [], .. Tiff(orientation, little: true)];
        byte[] picture = webp[12..];
        byte[] extended = [.. "VP8X"u8, 10, 0, 0, 0, 0b1000, 0, 0, 0, .. LittleEndian(width - 1)[..3], .. LittleEndian(height - 1)[..3]];
        byte[] content = [.. "WEBP"u8, .. extended, .. picture, .. "EXIF"u8, .. LittleEndian(exif.Length), .. exif];
        return [.. "RIFF"u8, .. LittleEndian(content.Length), .. content];
    }

    // A directory of two entries: a resolution unit, and the orientation behind it.
    private static byte[] Tiff(byte orientation, bool little) => little
        ? [.. "II"u8, 42, 0, 8, 0, 0, 0, 2, 0, 0x28, 1, 3, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0,
            0, 0, 0, 0, 0, 0]
        : [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 2, 1, 0x28, 0, 3, 0, 0, 0, 1, 0, 2, 0, 0, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation,
            0, 0, 0, 0, 0, 0];

    private static byte[] LittleEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Signature => [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A];

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. BigEndian(data.Length), .. typed, .. BigEndian((int)Crc32(typed))];
    }

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
