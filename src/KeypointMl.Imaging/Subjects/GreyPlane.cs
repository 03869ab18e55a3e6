using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// A frame in grey at a reduced size: the mean of the three colours over squares of <see cref="Factor"/>×<see cref="Factor"/>
/// pixels, smoothed by the binomial 1-2-1 in both directions.
/// </summary>
internal sealed class GreyPlane
{
    private const int MaxPixels = 320_000;

    private readonly ushort[] sums;
    private readonly byte[] reduced;
    private readonly ushort[] column;

    /// <param name="frameWidth">Width of the frames in pixels.</param>
    /// <param name="frameHeight">Height of the frames in pixels.</param>
    internal GreyPlane(int frameWidth, int frameHeight)
    {
        Factor = 1;
        while ((long)(frameWidth / Factor) * (frameHeight / Factor) > MaxPixels)
            Factor++;
        (Width, Height) = (Math.Max(1, frameWidth / Factor), Math.Max(1, frameHeight / Factor));
        (FrameWidth, FrameHeight) = (frameWidth, frameHeight);
        sums = new ushort[frameWidth * 3];
        column = new ushort[Width + 2];
        reduced = new byte[Width * Height];
        Pixels = new byte[Width * Height];
    }

    internal int FrameWidth { get; }

    internal int FrameHeight { get; }

    /// <summary>
    /// Pixels of the frame for one of the plane, along each side. What is left over at the right and the bottom is not looked
    /// at.
    /// </summary>
    internal int Factor { get; }

    internal int Width { get; }

    internal int Height { get; }

    /// <summary>[Height,Width] grey levels.</summary>
    internal byte[] Pixels { get; }

    /// <summary>Takes a frame.</summary>
    /// <exception cref="InvalidDataException">It has another size than the first.</exception>
    internal void Set(RgbImage frame)
    {
        if ((frame.Width, frame.Height) != (FrameWidth, FrameHeight))
        {
            throw new InvalidDataException(
                $"a frame is {frame.Width}×{frame.Height}, not {FrameWidth}×{FrameHeight} as those before. "
                + "Subjects are found in videos of one size: re-encode it to one, or cut it where the size changes.");
        }
        Reduce(frame.Pixels);
        Smooth();
    }

    /// <summary>From the plane's pixels to the frame's: the centre of a square.</summary>
    internal Vector2 ToFrame(Vector2 point) => point * Factor + new Vector2((Factor - 1) / 2f);

    private void Reduce(ReadOnlySpan<byte> rgb)
    {
        int stride = FrameWidth * 3;
        ulong inverse = (1ul << 24) / (ulong)(3 * Factor * Factor) + 1;
        for (int y = 0; y < Height; y++)
        {
            sums.AsSpan().Clear();
            for (int row = 0; row < Factor; row++)
                Add(rgb.Slice((y * Factor + row) * stride, stride), sums);
            Span<byte> line = reduced.AsSpan(y * Width, Width);
            ReadOnlySpan<ushort> from = sums;
            for (int x = 0; x < line.Length; x++)
            {
                uint sum = 0;
                foreach (ushort value in from.Slice(x * 3 * Factor, 3 * Factor))
                    sum += value;
                line[x] = (byte)Math.Min(255, (sum * inverse) >> 24);
            }
        }
    }

    private void Smooth()
    {
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> above = reduced.AsSpan(Math.Max(y - 1, 0) * Width, Width);
            ReadOnlySpan<byte> here = reduced.AsSpan(y * Width, Width);
            ReadOnlySpan<byte> below = reduced.AsSpan(Math.Min(y + 1, Height - 1) * Width, Width);
            Span<ushort> middle = column.AsSpan(1, Width);
            middle.Clear();
            Add(above, middle);
            Add(here, middle);
            Add(here, middle);
            Add(below, middle);
            (column[0], column[^1]) = (column[1], column[^2]);
            SmoothRow(column, Pixels.AsSpan(y * Width, Width));
        }
    }

    private static void SmoothRow(ReadOnlySpan<ushort> padded, Span<byte> row)
    {
        int lanes = Vector<ushort>.Count;
        int x = 0;
        for (; x + 2 * lanes <= row.Length; x += 2 * lanes)
            Vector.Narrow(Binomial(padded, x), Binomial(padded, x + lanes)).CopyTo(row[x..]);
        for (; x < row.Length; x++)
            row[x] = (byte)((padded[x] + 2 * padded[x + 1] + padded[x + 2] + 8) >> 4);
    }

    private static Vector<ushort> Binomial(ReadOnlySpan<ushort> padded, int x)
    {
        var middle = new Vector<ushort>(padded[(x + 1)..]);
        Vector<ushort> sum = new Vector<ushort>(padded[x..]) + middle + middle + new Vector<ushort>(padded[(x + 2)..]);
        return (sum + new Vector<ushort>(8)) >> 4;
    }

    private static void Add(ReadOnlySpan<byte> bytes, Span<ushort> sums)
    {
        int lanes = Vector<byte>.Count;
        Span<Vector<ushort>> vectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(sums);
        int i = 0;
        for (; i + lanes <= bytes.Length; i += lanes)
        {
            Vector.Widen(new Vector<byte>(bytes[i..]), out Vector<ushort> low, out Vector<ushort> high);
            vectors[2 * i / lanes] += low;
            vectors[2 * i / lanes + 1] += high;
        }
        for (; i < bytes.Length; i++)
            sums[i] += bytes[i];
    }
}
