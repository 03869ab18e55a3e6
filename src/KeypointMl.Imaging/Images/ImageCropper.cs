using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Imaging.Images;

/// <summary>
/// Cuts a box out of an image and resizes it: the one place where training, evaluation, scoring and ML.NET do so. Pixel
/// areas correspond as in <see cref="Box.ToCrop"/> (half-pixel convention); bilinear when enlarging, an antialiasing
/// triangle filter when shrinking, exact copy at scale 1 on whole pixels. The part of a box that lies outside the image
/// repeats the image's edge.
/// </summary>
public static class ImageCropper
{
    /// <summary>The largest number of a box.</summary>
    internal const float MaxBoxSide = 1_000_000;


    /// <summary>Crops and resizes.</summary>
    /// <param name="source">The image.</param>
    /// <param name="box">The part of it, in its pixels; it may reach outside.</param>
    /// <param name="width">Width of the result in pixels.</param>
    /// <param name="height">Height of the result in pixels.</param>
    /// <exception cref="ArgumentException">
    /// The box is not finite, has a side that is not positive or above a million pixels, or the result's size is not
    /// positive.
    /// </exception>
    public static RgbImage Crop(RgbImage source, Box box, int width, int height)
    {
        var result = new RgbImage(width, height);
        Crop(source.Pixels, source.Width, source.Height, box, result.Pixels, width, height);
        return result;
    }

    /// <summary>Resizes the whole image.</summary>
    /// <inheritdoc cref="Crop(RgbImage, Box, int, int)"/>
    public static RgbImage Resize(RgbImage source, int width, int height) =>
        Crop(source, Box.WholeImage(source.Width, source.Height), width, height);

    /// <summary>Crops and resizes without allocating.</summary>
    /// <param name="source">[sourceHeight,sourceWidth,3] bytes.</param>
    /// <param name="sourceWidth">Width of the source in pixels.</param>
    /// <param name="sourceHeight">Height of the source in pixels.</param>
    /// <param name="box">The part of it, in its pixels; it may reach outside.</param>
    /// <param name="destination">[height,width,3] bytes.</param>
    /// <param name="width">Width of the result in pixels.</param>
    /// <param name="height">Height of the result in pixels.</param>
    /// <exception cref="ArgumentException">
    /// A buffer has another length than its size says, or the box is not usable (see the other overload).
    /// </exception>
    public static void Crop(
        ReadOnlySpan<byte> source, int sourceWidth, int sourceHeight, Box box, Span<byte> destination, int width, int height)
    {
        Check(source.Length, sourceWidth, sourceHeight, nameof(source));
        Check(destination.Length, width, height, nameof(destination));
        Check(box);
        if (IsCopy(box, width, height, sourceWidth, sourceHeight))
        {
            for (int y = 0; y < height; y++)
                source.Slice((((int)box.Y + y) * sourceWidth + (int)box.X) * 3, width * 3).CopyTo(destination[(y * width * 3)..]);
            return;
        }

        using var columns = new AxisFilter(box.X, box.Width, width, sourceWidth);
        using var rows = new AxisFilter(box.Y, box.Height, height, sourceHeight);
        int rowBytes = (columns.End - columns.First) * 3;
        float[] buffer = ArrayPool<float>.Shared.Rent(rowBytes);
        Span<float> row = buffer.AsSpan(0, rowBytes);
        // Rows first: that pass runs along memory, whole vectors at a time, and leaves little for the pass over columns when shrinking.
        for (int y = 0; y < height; y++)
        {
            row.Clear();
            ReadOnlySpan<float> taps = rows.Taps(y, out int firstRow);
            for (int t = 0; t < taps.Length; t++)
                AddScaled(source.Slice(((firstRow + t) * sourceWidth + columns.First) * 3, rowBytes), taps[t], row);
            FilterColumns(row, columns, destination.Slice(y * width * 3, width * 3), width);
        }
        ArrayPool<float>.Shared.Return(buffer);
    }

    /// <summary>
    /// Whether a box is one that can be cut out: finite, its sides positive, and nothing above a million pixels.
    /// </summary>
    internal static bool CanCrop(Box box) =>
        float.IsFinite(box.X + box.Y) && box.Width > 0 && box.Width <= MaxBoxSide && box.Height > 0 && box.Height <= MaxBoxSide
        && Math.Abs(box.X) <= MaxBoxSide && Math.Abs(box.Y) <= MaxBoxSide;

    /// <exception cref="ArgumentException">It cannot be cropped.</exception>
    internal static void Check(Box box)
    {
        if (!CanCrop(box))
        {
            throw new ArgumentException(
                $"{box} cannot be cropped: its numbers must be finite, its sides greater than 0, and none of them above "
                + $"{MaxBoxSide:N0}.", nameof(box));
        }
    }

    private static void FilterColumns(ReadOnlySpan<float> row, AxisFilter columns, Span<byte> destination, int width)
    {
        for (int x = 0; x < width; x++)
        {
            ReadOnlySpan<float> taps = columns.Taps(x, out int firstColumn);
            ReadOnlySpan<float> pixels = row[((firstColumn - columns.First) * 3)..];
            float red = 0, green = 0, blue = 0;
            for (int t = 0; t < taps.Length; t++)
            {
                red += taps[t] * pixels[3 * t];
                green += taps[t] * pixels[3 * t + 1];
                blue += taps[t] * pixels[3 * t + 2];
            }
            destination[3 * x] = ToByte(red);
            destination[3 * x + 1] = ToByte(green);
            destination[3 * x + 2] = ToByte(blue);
        }
    }

    // sum += weight·bytes. Multiply and add stay two roundings (no fused instruction), so every processor gives the same pixels.
    private static void AddScaled(ReadOnlySpan<byte> bytes, float weight, Span<float> sum)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int lanes = Vector<float>.Count;
            var factor = new Vector<float>(weight);
            Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
            for (; i + 4 * lanes <= bytes.Length; i += 4 * lanes)
            {
                Vector.Widen(new Vector<byte>(bytes[i..]), out Vector<ushort> low, out Vector<ushort> high);
                Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
                Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
                Span<Vector<float>> four = sums.Slice(i / lanes, 4);
                four[0] += factor * Vector.ConvertToSingle(Vector.AsVectorInt32(a));
                four[1] += factor * Vector.ConvertToSingle(Vector.AsVectorInt32(b));
                four[2] += factor * Vector.ConvertToSingle(Vector.AsVectorInt32(c));
                four[3] += factor * Vector.ConvertToSingle(Vector.AsVectorInt32(d));
            }
        }
        for (; i < bytes.Length; i++)
            sum[i] += weight * bytes[i];
    }

    private static bool IsCopy(Box box, int width, int height, int sourceWidth, int sourceHeight) =>
        box.Width == width && box.Height == height && box.X == MathF.Floor(box.X) && box.Y == MathF.Floor(box.Y)
        && box.X >= 0 && box.Y >= 0 && box.X + width <= sourceWidth && box.Y + height <= sourceHeight;

    private static byte ToByte(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);

    private static void Check(int length, int width, int height, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (length != checked(width * height * 3))
            throw new ArgumentException($"A {width}×{height} RGB image has {width * height * 3} bytes; {name} has {length}.", name);
    }
}
