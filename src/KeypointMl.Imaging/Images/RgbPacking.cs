using System.Runtime.Intrinsics;

namespace KeypointMl.Imaging.Images;

/// <summary>Drops the fourth byte of pixels, RGBA or BGRA → RGB, and adds it: RGB → opaque RGBA.</summary>
internal static class RgbPacking
{
    // Four pixels of 16 bytes become 12 bytes; the last 4 lanes are zeroed and overwritten by the next four pixels.
    private static readonly Vector128<byte> FromRgba = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
    private static readonly Vector128<byte> FromBgra = Vector128.Create((byte)2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 255, 255, 255, 255);
    private static readonly Vector128<byte> ToRgba = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
    private static readonly Vector128<byte> Opaque = Vector128.Create(0xFF000000).AsByte();

    /// <summary>Packs red, green, blue, other → red, green, blue.</summary>
    /// <param name="rgba">N·4 bytes.</param>
    /// <param name="rgb">Receives N·3 bytes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static void PackRgba(ReadOnlySpan<byte> rgba, Span<byte> rgb) => Pack(rgba, rgb, FromRgba, red: 0);

    /// <summary>Packs blue, green, red, other → red, green, blue.</summary>
    /// <param name="bgra">N·4 bytes.</param>
    /// <param name="rgb">Receives N·3 bytes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static void PackBgra(ReadOnlySpan<byte> bgra, Span<byte> rgb) => Pack(bgra, rgb, FromBgra, red: 2);

    /// <summary>Unpacks red, green, blue → red, green, blue, 255.</summary>
    /// <param name="rgb">N·3 bytes.</param>
    /// <param name="rgba">Receives N·4 bytes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static void UnpackRgba(ReadOnlySpan<byte> rgb, Span<byte> rgba)
    {
        if (rgb.Length % 3 != 0 || rgba.Length != rgb.Length / 3 * 4)
        {
            throw new ArgumentException(
                $"{rgb.Length} bytes of RGB give {rgb.Length / 3 * 4} bytes of RGBA; the span holds {rgba.Length}.", nameof(rgba));
        }
        int from = 0, to = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            // Sixteen bytes are read, of which twelve are taken.
            for (; from + 16 <= rgb.Length; from += 12, to += 16)
                (Vector128.Shuffle(Vector128.Create(rgb.Slice(from, 16)), ToRgba) | Opaque).CopyTo(rgba[to..]);
        }
        for (; from < rgb.Length; from += 3, to += 4)
        {
            rgb.Slice(from, 3).CopyTo(rgba[to..]);
            rgba[to + 3] = 255;
        }
    }

    private static void Pack(ReadOnlySpan<byte> four, Span<byte> rgb, Vector128<byte> order, int red)
    {
        if (four.Length % 4 != 0 || rgb.Length != four.Length / 4 * 3)
        {
            throw new ArgumentException(
                $"{four.Length} bytes of 4-byte pixels give {four.Length / 4 * 3} bytes of RGB; the span holds {rgb.Length}.", nameof(rgb));
        }
        int from = 0, to = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; to + 16 <= rgb.Length; from += 16, to += 12)
                Vector128.Shuffle(Vector128.Create(four.Slice(from, 16)), order).CopyTo(rgb[to..]);
        }
        for (; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = four[from + red];
            rgb[to + 1] = four[from + 1];
            rgb[to + 2] = four[from + 2 - red];
        }
    }
}
