using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>Operators that arrange elements without computing with them, for every element type of fixed size.</summary>
internal static class LayoutOperators
{
    /// <summary><c>Identity</c>.</summary>
    public static ConstantTensor? Identity(NodeEvaluation evaluation) => evaluation.Input(0);

    /// <summary><c>Reshape</c>: 0 keeps a size (unless <c>allowzero</c>), -1 is the rest.</summary>
    public static ConstantTensor? Reshape(NodeEvaluation evaluation)
    {
        if (evaluation.Inputs is not [{ } x, { Type: OnnxElementType.Int64 } target])
            return null;
        long[] dims = target.As<long>().ToArray();
        bool keepZero = NodeAttributes.Int(evaluation.Node, "allowzero", 0) == 1;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (dims[axis] == 0 && !keepZero)
            {
                if (axis >= x.Dims.Length)
                    return null;
                dims[axis] = x.Dims[axis];
            }
        }
        int rest = Array.IndexOf(dims, -1);
        if (rest >= 0)
        {
            dims[rest] = 1;
            if (ConstantTensor.CountOf(dims) is not { } others || others == 0)
                return null;
            dims[rest] = x.Count / others;
        }
        return ConstantTensor.CountOf(dims) == x.Count ? x with { Dims = dims } : null;
    }

    /// <summary><c>Flatten</c> to two dimensions.</summary>
    public static ConstantTensor? Flatten(NodeEvaluation evaluation)
    {
        if (evaluation.Input(0) is not { } x)
            return null;
        long axis = NodeAttributes.Int(evaluation.Node, "axis", 1);
        axis = axis < 0 ? axis + x.Dims.Length : axis;
        return axis >= 0 && axis <= x.Dims.Length ? x with { Dims = [Product(x.Dims[..(int)axis]), Product(x.Dims[(int)axis..])] } : null;
    }

    /// <summary><c>Squeeze</c>.</summary>
    public static ConstantTensor? Squeeze(NodeEvaluation evaluation)
    {
        if (evaluation.Input(0) is not { } x)
            return null;
        long[] axes = evaluation.Integers("axes", 1)
            ?? [.. Enumerable.Range(0, x.Dims.Length).Where(axis => x.Dims[axis] == 1).Select(axis => (long)axis)];
        return NodeEvaluation.Axes(axes, x.Dims.Length) is { } gone && gone.All(axis => x.Dims[axis] == 1) ? x with
        {
            Dims = [.. x.Dims.Where((_, axis) => !gone.Contains(axis))],
        } : null;
    }

    /// <summary><c>Unsqueeze</c>.</summary>
    public static ConstantTensor? Unsqueeze(NodeEvaluation evaluation)
    {
        if (evaluation.Input(0) is not { } x || evaluation.Integers("axes", 1) is not { } axes)
            return null;
        int rank = x.Dims.Length + axes.Length;
        if (NodeEvaluation.Axes(axes, rank) is not { } added)
            return null;
        var sizes = new Queue<long>(x.Dims);
        return x with { Dims = [.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : sizes.Dequeue())] };
    }

    /// <summary><c>Transpose</c>.</summary>
    public static ConstantTensor? Transpose(NodeEvaluation evaluation)
    {
        if (evaluation.Input(0) is not { } x)
            return null;
        long[] perm = NodeAttributes.Ints(evaluation.Node, "perm")
            ?? [.. Enumerable.Range(0, x.Dims.Length).Reverse().Select(axis => (long)axis)];
        if (perm.Length != x.Dims.Length || !perm.Order().SequenceEqual(Enumerable.Range(0, perm.Length).Select(axis => (long)axis)))
            return null;
        long[] strides = StridedView.RowMajor(x.Dims);
        return Copy(evaluation, x, new StridedView([.. perm.Select(axis => x.Dims[axis])], [.. perm.Select(axis => strides[axis])]));
    }

    /// <summary><c>Expand</c>, in which both shapes broadcast.</summary>
    public static ConstantTensor? Expand(NodeEvaluation evaluation)
    {
        if (evaluation.Inputs is not [{ } x, { Type: OnnxElementType.Int64 } target]
            || StridedView.BroadcastShape(x.Dims, target.As<long>().ToArray()) is not { } dims)
            return null;
        return Copy(evaluation, x, StridedView.Broadcast(x.Dims, dims));
    }

    /// <summary><c>Slice</c>: bounds are clamped, steps may be negative.</summary>
    public static ConstantTensor? Slice(NodeEvaluation evaluation)
    {
        if (evaluation.Input(0) is not { } x || evaluation.Integers("starts", 1) is not { } starts
            || evaluation.Integers("ends", 2) is not { } ends)
            return null;
        long[] axes = evaluation.Integers("axes", 3) ?? [.. starts.Select((_, axis) => (long)axis)];
        long[] steps = evaluation.Input(4)?.ToLongs() ?? [.. starts.Select(_ => 1L)];
        if (new[] { ends.Length, axes.Length, steps.Length }.Any(length => length != starts.Length) || steps.Contains(0)
            || NodeEvaluation.Axes(axes, x.Dims.Length) is null)
            return null;
        (long[] dims, long[] strides, long offset) = ([.. x.Dims], StridedView.RowMajor(x.Dims), 0);
        for (int index = 0; index < axes.Length; index++)
        {
            int axis = NodeEvaluation.Axis(axes[index], x.Dims.Length)!.Value;
            (long size, long step) = (x.Dims[axis], steps[index]);
            long start = Bound(starts[index], size, step < 0 ? -1 : 0, first: true);
            long end = Bound(ends[index], size, step < 0 ? -1 : 0, first: false);
            dims[axis] = Math.Max(0, (long)Math.Ceiling((end - start) / (decimal)step));
            offset += start * strides[axis];
            strides[axis] = dims[axis] > 1 ? strides[axis] * step : strides[axis];
        }
        return Copy(evaluation, x, new StridedView(dims, strides, offset));

        // A backward slice starts at the last element at most and may end in front of the first.
        static long Bound(long value, long size, int backward, bool first)
        {
            long front = value < 0 ? value + size : value;
            return backward < 0 ? Math.Clamp(front, first && size > 0 ? 0 : -1, size - 1) : Math.Clamp(front, 0, size);
        }
    }

    /// <summary><c>Gather</c> along an axis.</summary>
    public static ConstantTensor? Gather(NodeEvaluation evaluation)
    {
        if (evaluation.Inputs is not [{ } x, { } picked] || picked.ToLongs() is not { } indices
            || NodeEvaluation.Axis(NodeAttributes.Int(evaluation.Node, "axis", 0), x.Dims.Length) is not { } axis)
            return null;
        long size = x.Dims[axis];
        if (indices.Any(index => index < -size || index >= size))
            return null;
        long[] dims = [.. x.Dims[..axis], .. picked.Dims, .. x.Dims[(axis + 1)..]];
        if (evaluation.Allocate(x.Type, dims) is not { } bytes)
            return null;
        int block = (int)Product(x.Dims[(axis + 1)..]) * x.Type.SizeInBytes();
        int at = 0;
        for (long outer = 0; outer < Product(x.Dims[..axis]); outer++)
        {
            foreach (long index in indices)
            {
                x.Bytes.Span.Slice((int)((outer * size) + (index < 0 ? index + size : index)) * block, block).CopyTo(bytes.AsSpan(at));
                at += block;
            }
        }
        return new ConstantTensor(x.Type, dims, bytes);
    }

    /// <summary><c>Concat</c> along an axis.</summary>
    public static ConstantTensor? Concat(NodeEvaluation evaluation)
    {
        if (evaluation.Inputs.Any(input => input is null) || evaluation.Inputs is not [{ } first, ..])
            return null;
        ConstantTensor[] inputs = [.. evaluation.Inputs.Select(input => input!)];
        if (NodeEvaluation.Axis(NodeAttributes.Int(evaluation.Node, "axis", 0), first.Dims.Length) is not { } axis)
            return null;
        if (inputs.Any(input => input.Type != first.Type || input.Dims.Length != first.Dims.Length
            || input.Dims.Where((size, index) => index != axis && size != first.Dims[index]).Any()))
            return null;
        long[] dims = [.. first.Dims];
        dims[axis] = inputs.Sum(input => input.Dims[axis]);
        if (evaluation.Allocate(first.Type, dims) is not { } bytes)
            return null;
        int at = 0;
        for (int outer = 0; outer < Product(dims[..axis]); outer++)
        {
            foreach (ConstantTensor input in inputs)
            {
                int block = (int)Product(input.Dims[axis..]) * first.Type.SizeInBytes();
                input.Bytes.Span.Slice(outer * block, block).CopyTo(bytes.AsSpan(at));
                at += block;
            }
        }
        return new ConstantTensor(first.Type, dims, bytes);
    }

    /// <summary><c>ConstantOfShape</c>; 0 of 32-bit floats unless another value is given.</summary>
    public static ConstantTensor? ConstantOfShape(NodeEvaluation evaluation)
    {
        ConstantTensor? value = NodeAttributes.Tensor(evaluation.Node, "value") is { } tensor
            ? ConstantTensor.From(tensor)
            : ConstantTensor.Of<float>([0]);
        return evaluation.Input(0) is { Type: OnnxElementType.Int64 } shape && value is { Count: 1 }
            ? Copy(evaluation, value, StridedView.Broadcast([], shape.As<long>().ToArray()))
            : null;
    }

    /// <summary><c>Range</c>: start + i·delta for ⌈(limit − start)/delta⌉ elements.</summary>
    public static ConstantTensor? Range(NodeEvaluation evaluation) =>
        evaluation.Inputs is [{ Count: 1 } start, { Count: 1 } limit, { Count: 1 } delta] && start.Type == limit.Type
        && start.Type == delta.Type
        ? start.Type switch
        {
            OnnxElementType.Float => Range<float>(evaluation, start, limit, delta),
            OnnxElementType.Double => Range<double>(evaluation, start, limit, delta),
            OnnxElementType.Int64 => Range<long>(evaluation, start, limit, delta),
            OnnxElementType.Int32 => Range<int>(evaluation, start, limit, delta),
            _ => null,
        }
        : null;

    private static ConstantTensor? Range<T>(NodeEvaluation evaluation, ConstantTensor start, ConstantTensor limit, ConstantTensor delta)
        where T : unmanaged, INumber<T>
    {
        (T from, T to, T step) = (start.As<T>()[0], limit.As<T>()[0], delta.As<T>()[0]);
        if (T.IsZero(step))
            return null;
        double count = Math.Ceiling((double.CreateChecked(to) - double.CreateChecked(from)) / double.CreateChecked(step));
        if (double.IsNaN(count) || count > evaluation.MaxBytes)
            return null;
        // Runtimes count in doubles too: where those are too coarse, they give something else than the text says.
        bool isWhole = typeof(T) == typeof(long) || typeof(T) == typeof(int);
        if (isWhole && Math.Max(0, count)
            != (double)IntegerRange.Count(Int128.CreateChecked(from), Int128.CreateChecked(to), Int128.CreateChecked(step)))
            return null;
        long[] dims = [Math.Max(0, (long)count)];
        if (evaluation.Allocate(start.Type, dims) is not { } bytes)
            return null;
        Span<T> result = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        for (int index = 0; index < result.Length; index++)
            result[index] = from + (T.CreateChecked(index) * step);
        return new ConstantTensor(start.Type, dims, bytes);
    }

    private static ConstantTensor? Copy(NodeEvaluation evaluation, ConstantTensor x, StridedView view)
    {
        if (evaluation.Allocate(x.Type, view.Dims) is not { } bytes)
            return null;
        view.Copy(x.Bytes.Span, bytes, x.Type.SizeInBytes());
        return new ConstantTensor(x.Type, view.Dims, bytes);
    }

    private static long Product(ReadOnlySpan<long> dims)
    {
        long product = 1;
        foreach (long size in dims)
            product *= size;
        return product;
    }
}
