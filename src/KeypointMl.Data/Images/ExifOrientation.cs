using SkiaSharp;

namespace KeypointMl.Data;

/// <summary>Turns decoded pixels the way the camera was held (EXIF 2.3, tag 274) while dropping alpha.</summary>
internal static class ExifOrientation
{
    internal static bool SwapsSides(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

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
