using System.Runtime.Intrinsics;

namespace KeypointMl.Imaging.Images;

/// <summary>Drops the fourth byte of pixels: RGBA or BGRA → RGB.</summary>
internal static class RgbPacking
{
    // Four pixels of 16 bytes become 12 bytes; the last 4 lanes are zeroed and overwritten by the next four pixels.
    private static readonly Vector128<byte> FromRgba = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
    private static readonly Vector128<byte> FromBgra = Vector128.Create((byte)2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 255, 255, 255, 255);

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
