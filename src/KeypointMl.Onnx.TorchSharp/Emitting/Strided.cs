namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>
/// Where the elements of a result come from: element (i, j, …) is the operand's element offset + i·steps[0] +
/// j·steps[1] + ….
/// </summary>
internal static class Strided
{
    /// <summary>The steps of a tensor in row-major order.</summary>
    public static long[] Steps(long[] shape)
    {
        long[] steps = new long[shape.Length];
        long step = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= shape[axis];
        }
        return steps;
    }

    /// <summary>The steps by which a tensor broadcasts to a shape; null where it does not.</summary>
    public static long[]? Broadcast(long[] shape, long[] target)
    {
        int missing = target.Length - shape.Length;
        if (missing < 0)
            return null;
        long[] own = Steps(shape);
        long[] steps = new long[target.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] != target[missing + axis] && shape[axis] != 1)
                return null;
            steps[missing + axis] = shape[axis] == 1 ? 0 : own[axis];
        }
        return steps;
    }

    /// <summary>The shape to which two broadcast together; null where they do not.</summary>
    public static long[]? Common(ReadOnlySpan<long> left, ReadOnlySpan<long> right)
    {
        long[] common = new long[Math.Max(left.Length, right.Length)];
        for (int back = 1; back <= common.Length; back++)
        {
            long one = back <= left.Length ? left[^back] : 1;
            long two = back <= right.Length ? right[^back] : 1;
            if (one != two && one != 1 && two != 1)
                return null;
            common[^back] = one == 1 ? two : one;
        }
        return common;
    }

    /// <summary>The place in an operand of an element of the result.</summary>
    /// <param name="index">The element's place in the result, in row-major order.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="steps">By how much the place in the operand grows along each dimension of the result.</param>
    /// <param name="offset">The place of the first element.</param>
    public static int At(int index, long[] shape, long[] steps, long offset = 0)
    {
        long rest = index;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            offset += rest % shape[axis] * steps[axis];
            rest /= shape[axis];
        }
        return (int)offset;
    }

    /// <summary>Reads elements by their place in the result.</summary>
    public static Func<int, double> Read(double[] values, long[] shape, long[] steps, long offset = 0) =>
        index => values[At(index, shape, steps, offset)];
}
