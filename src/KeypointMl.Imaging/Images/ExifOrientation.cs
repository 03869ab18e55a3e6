using System.Buffers.Binary;
using SkiaSharp;

namespace KeypointMl.Imaging.Images;

/// <summary>Turns decoded pixels the way the camera was held (EXIF 2.3, tag 274) while dropping alpha.</summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 274;
    private const int ShortType = 3;
    private const int EntryBytes = 12;

    /// <summary>
    /// How a file's pixels are stored. The decoder reads it of JPEG, but not of every PNG and WebP that says it.
    /// </summary>
    internal static SKEncodedOrigin Of(SKCodec codec, ReadOnlySpan<byte> file)
    {
        if (!EmbeddedExif.Knows(codec.EncodedFormat) || codec.EncodedOrigin != SKEncodedOrigin.TopLeft)
            return codec.EncodedOrigin;
        return EmbeddedExif.Find(file, codec.EncodedFormat) is { IsEmpty: false } exif ? ReadTag(exif) : SKEncodedOrigin.TopLeft;
    }

    /// <inheritdoc cref="Of(SKCodec, ReadOnlySpan{byte})"/>
    internal static SKEncodedOrigin Of(SKCodec codec, string path)
    {
        if (!EmbeddedExif.Knows(codec.EncodedFormat) || codec.EncodedOrigin != SKEncodedOrigin.TopLeft)
            return codec.EncodedOrigin;
        using FileStream file = File.OpenRead(path);
        return EmbeddedExif.Find(file, codec.EncodedFormat) is { Length: > 0 } exif ? ReadTag(exif) : SKEncodedOrigin.TopLeft;
    }

    /// <summary>Reads tag 274 of a TIFF structure, as EXIF is one.</summary>
    /// <returns><see cref="SKEncodedOrigin.TopLeft"/> where it is missing or damaged: an image is no worse for it.</returns>
    internal static SKEncodedOrigin ReadTag(ReadOnlySpan<byte> tiff)
    {
        // What JPEG puts before it some programs put before it elsewhere.
        if (tiff.StartsWith("Exif\0\0"u8))
            tiff = tiff[6..];
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
            return SKEncodedOrigin.TopLeft;
        bool little = tiff[0] == 'I';
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return SKEncodedOrigin.TopLeft;
        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = UInt16(entries, little);
        for (entries = entries[2..]; count > 0 && entries.Length >= EntryBytes; count--, entries = entries[EntryBytes..])
        {
            if (UInt16(entries, little) != OrientationTag)
                continue;
            int value = UInt16(entries[2..], little) == ShortType ? UInt16(entries[8..], little) : 0;
            return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
        }
        return SKEncodedOrigin.TopLeft;
    }

    internal static bool SwapsSides(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>[height,width,4] as stored → RGB upright.</summary>
    /// <param name="rgba">The pixels as stored.</param>
    /// <param name="width">Their width.</param>
    /// <param name="height">Their height.</param>
    /// <param name="origin">How they are stored.</param>
    /// <param name="rgb">Receives [h,w,3], with the sides swapped where <see cref="SwapsSides"/>.</param>
    internal static void Apply(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin, Span<byte> rgb)
    {
        // Where stored pixel (0,0) lands in the upright image, and the steps in it of one stored column and one stored row.
        (int outWidth, int outHeight) = SwapsSides(origin) ? (height, width) : (width, height);
        (int start, int column, int row) = origin switch
        {
            SKEncodedOrigin.TopRight => (outWidth - 1, -1, outWidth),
            SKEncodedOrigin.BottomRight => (outWidth * outHeight - 1, -1, -outWidth),
            SKEncodedOrigin.BottomLeft => (outWidth * (outHeight - 1), 1, -outWidth),
            SKEncodedOrigin.LeftTop => (0, outWidth, 1),
            SKEncodedOrigin.RightTop => (outWidth - 1, outWidth, -1),
            SKEncodedOrigin.RightBottom => (outWidth * outHeight - 1, -outWidth, -1),
            SKEncodedOrigin.LeftBottom => (outWidth * (outHeight - 1), -outWidth, 1),
            _ => (0, 1, outWidth),
        };
        if (column == 1 && row == outWidth)
        {
            RgbPacking.PackRgba(rgba, rgb);
            return;
        }
        int from = 0;
        for (int y = 0; y < height; y++)
        {
            int to = start + y * row;
            for (int x = 0; x < width; x++, from += 4, to += column)
            {
                rgb[3 * to] = rgba[from];
                rgb[3 * to + 1] = rgba[from + 1];
                rgb[3 * to + 2] = rgba[from + 2];
            }
        }
    }
}
