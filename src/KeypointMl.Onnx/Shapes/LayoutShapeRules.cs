using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of operators that join, cut, repeat or reorder.</summary>
internal static class LayoutShapeRules
{
    /// <summary>Concat: equal shapes but for one axis.</summary>
    public static Shape Concat(NodeShapes node)
    {
        Shape[] inputs = [.. Enumerable.Range(0, node.Count).Select(index => node[index])];
        if (inputs.Length == 0 || inputs.Any(shape => shape.IsDefault))
            return default;
        foreach (Shape input in inputs)
            DimensionArithmetic.RequireRank(input, inputs[0].Length, "an input");
        int axis = node.Axis("axis", 0, inputs[0].Length);
        var result = inputs[0].ToBuilder();
        for (int other = 0; other < result.Count; other++)
        {
            if (other == axis)
            {
                result[axis] = inputs.All(shape => shape[axis].IsFixed)
                    ? inputs.Aggregate(0L, (sum, shape) => checked(sum + shape[axis].Value!.Value))
                    : OnnxDimension.Unknown;
            }
            else
            {
                result[other] = inputs.Skip(1)
                    .Aggregate(inputs[0][other], (size, shape) =>
                        DimensionArithmetic.Same(size, shape[other], $"axis {other} of the inputs"));
            }
        }
        return result.ToImmutable();
    }

    /// <summary>Split: into given sizes, or into equal parts of which the last may be smaller.</summary>
    public static Shape[] Split(NodeShapes node)
    {
        Shape x = node[0];
        int count = node.Node.Output.Count;
        if (x.IsDefault)
            return [];
        int axis = node.Axis("axis", 0, x.Length);
        if ((node.Ints("split") ?? node.Constant(1)) is { } sizes)
        {
            if (sizes.Length != count)
                throw new ShapeConflictException($"{sizes.Length} sizes are given for {count} outputs");
            DimensionArithmetic.Same(x[axis], sizes.Aggregate(0L, (sum, size) => checked(sum + size)), "the sum of the parts' sizes");
            return [.. sizes.Select(size => x.SetItem(axis, new IntegerElement(size, null).ToDimension()))];
        }
        if (node.Has(1) || x[axis].Value is not { } whole)
            return [.. Enumerable.Repeat(x.SetItem(axis, OnnxDimension.Unknown), count)];
        long parts = node.Int("num_outputs", count);
        if (parts != count)
            throw new ShapeConflictException($"num_outputs is {parts} and there are {count} outputs");
        // Before opset 18 the parts had to be equal, since then the last one may be smaller.
        if (NodeAttributes.Find(node.Node, "num_outputs") is null && whole % parts != 0)
            throw new ShapeConflictException($"a size of {whole} cannot be split into {parts} equal parts");
        long part = (whole + parts - 1) / parts;
        return [.. Enumerable.Range(0, count).Select(index => x.SetItem(axis, Math.Max(0, Math.Min(part, whole - (index * part)))))];
    }

    /// <summary>Slice, with constant bounds (which older opsets give in attributes).</summary>
    public static Shape Slice(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        bool attributes = NodeAttributes.Find(node.Node, "starts") is not null;
        long[]? starts = attributes ? node.Ints("starts") : node.Constant(1);
        long[]? ends = attributes ? node.Ints("ends") : node.Constant(2);
        (bool found, long[]? axes) = node.Axes(3);
        int? count = (starts ?? ends)?.Length ?? axes?.Length;
        if (!found || count is null)
            return DimensionArithmetic.Open(x.Length);
        axes ??= [.. Enumerable.Range(0, count.Value).Select(axis => (long)axis)];
        long[]? steps = node.Has(4) ? node.Constant(4) : [.. Enumerable.Repeat(1L, count.Value)];
        if (axes.Length != count || (starts ?? axes).Length != count || (ends ?? axes).Length != count || (steps ?? axes).Length != count)
            throw new ShapeConflictException("starts, ends, axes and steps have different numbers of elements");
        var result = x.ToBuilder();
        for (int index = 0; index < axes.Length; index++)
        {
            int axis = NodeShapes.Axis(axes[index], x.Length);
            result[axis] = starts is null || ends is null || steps is null
                ? OnnxDimension.Unknown
                : Cut(x[axis], starts[index], ends[index], steps[index]);
        }
        return result.ToImmutable();
    }

    /// <summary>Pad, with constant widths (which older opsets give in an attribute).</summary>
    public static Shape Pad(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        (bool found, long[]? axes) = node.Axes(3);
        if ((node.Ints("pads") ?? node.Constant(1)) is not { } pads || !found)
            return DimensionArithmetic.Open(x.Length);
        axes ??= [.. Enumerable.Range(0, x.Length).Select(axis => (long)axis)];
        if (pads.Length != 2 * axes.Length)
            throw new ShapeConflictException($"pads has {pads.Length} numbers; expected {2 * axes.Length}, two per axis");
        var result = x.ToBuilder();
        for (int index = 0; index < axes.Length; index++)
        {
            int axis = NodeShapes.Axis(axes[index], x.Length);
            result[axis] = DimensionArithmetic.Plus(x[axis], checked(pads[index] + pads[index + axes.Length]));
        }
        return result.ToImmutable();
    }

    /// <summary>Transpose: all axes, each once.</summary>
    public static Shape Transpose(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        if (node.Ints("perm") is not { } perm)
            return [.. x.Reverse()];
        if (perm.Length != x.Length || perm.Distinct().Count() != perm.Length || perm.Any(axis => axis < 0 || axis >= x.Length))
            throw new ShapeConflictException($"perm is [{string.Join(',', perm)}]; expected each of the {x.Length} axes once");
        return [.. perm.Select(axis => x[(int)axis])];
    }

    /// <summary>Expand: to a shape, by broadcasting.</summary>
    public static Shape Expand(NodeShapes node) =>
        node[0].IsDefault || node.Elements(1) is not { IsDefault: false } shape
        ? default
        : DimensionArithmetic.Broadcast(node[0], [.. shape.Select(size => size.ToDimension())]);

    /// <summary>Tile: each axis repeated.</summary>
    public static Shape Tile(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        if (node.Constant(1) is not { } repeats)
            return DimensionArithmetic.Open(x.Length);
        if (repeats.Length != x.Length)
            throw new ShapeConflictException($"repeats has {repeats.Length} numbers; expected {x.Length}, one per axis");
        return [.. x.Select((size, axis) => DimensionArithmetic.Times(size, repeats[axis]))];
    }

    private static OnnxDimension Cut(OnnxDimension whole, long start, long end, long step)
    {
        if (step == 0)
            throw new ShapeConflictException("a step is 0");
        if (whole.Value is not { } size)
            return start == 0 && step == 1 && end >= int.MaxValue ? whole : OnnxDimension.Unknown;
        // As the specification clamps them; long.MinValue plus a size does not overflow.
        bool forward = step > 0;
        long from = Math.Clamp(start < 0 ? start + size : start, 0, forward ? size : Math.Max(0, size - 1));
        long to = Math.Clamp(end < 0 ? end + size : end, forward ? 0 : -1, forward ? size : Math.Max(0, size - 1));
        Int128 span = forward ? (Int128)to - from : (Int128)from - to;
        Int128 stride = forward ? step : -(Int128)step;
        return size == 0 || span <= 0 ? 0 : (long)((span + stride - 1) / stride);
    }
}
