using System.Runtime.InteropServices;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>
/// A way to read a tensor's elements in the order of another shape: for each axis of the result, how far apart its
/// elements lie in the source. Transposition, slicing and broadcasting are all of this kind.
/// </summary>
/// <param name="Dims">The shape of the result.</param>
/// <param name="Strides">Elements of the source from one step along each axis to the next; 0 repeats, negative goes back.</param>
/// <param name="Start">The element of the source at which the result starts.</param>
internal sealed record StridedView(long[] Dims, long[] Strides, long Start = 0)
{
    /// <summary>The strides of a tensor in row-major order.</summary>
    public static long[] RowMajor(long[] dims)
    {
        var strides = new long[dims.Length];
        long stride = 1;
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    /// <summary>A tensor read as if it were of a larger shape (https://github.com/onnx/onnx/blob/main/docs/Broadcasting.md).</summary>
    public static StridedView Broadcast(long[] from, long[] to)
    {
        long[] strides = RowMajor(from);
        int missing = to.Length - from.Length;
        return new StridedView(to, [.. to.Select((_, axis) => axis < missing || from[axis - missing] == 1 ? 0 : strides[axis - missing])]);
    }

    /// <summary>The shape to which two shapes broadcast; null if they do not fit.</summary>
    public static long[]? BroadcastShape(long[] left, long[] right)
    {
        var result = new long[Math.Max(left.Length, right.Length)];
        for (int axis = 1; axis <= result.Length; axis++)
        {
            long a = axis <= left.Length ? left[^axis] : 1;
            long b = axis <= right.Length ? right[^axis] : 1;
            if (a != b && a != 1 && b != 1)
                return null;
            result[^axis] = a == 1 ? b : a;
        }
        return result;
    }

    /// <summary>Where each element of the result lies in the source.</summary>
    public IEnumerable<int> Offsets()
    {
        if (Dims.Contains(0))
            yield break;
        var index = new long[Dims.Length];
        long offset = Start;
        while (true)
        {
            yield return (int)offset;
            int axis = Dims.Length - 1;
            for (; axis >= 0; axis--)
            {
                offset += Strides[axis];
                if (++index[axis] < Dims[axis])
                    break;
                offset -= Strides[axis] * Dims[axis];
                index[axis] = 0;
            }
            if (axis < 0)
                yield break;
        }
    }

    /// <summary>Copies the elements of the source, whatever their type, in the order of the result.</summary>
    public void Copy(ReadOnlySpan<byte> source, Span<byte> result, int elementSize)
    {
        switch (elementSize)
        {
            case 1:
                Copy(source, result);
                break;
            case 2:
                Copy(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, ushort>(result));
                break;
            case 4:
                Copy(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(result));
                break;
            case 8:
                Copy(MemoryMarshal.Cast<byte, ulong>(source), MemoryMarshal.Cast<byte, ulong>(result));
                break;
            default:
                Copy(MemoryMarshal.Cast<byte, UInt128>(source), MemoryMarshal.Cast<byte, UInt128>(result));
                break;
        }
    }

    private void Copy<T>(ReadOnlySpan<T> source, Span<T> result)
    {
        int at = 0;
        foreach (int offset in Offsets())
            result[at++] = source[offset];
    }
}
