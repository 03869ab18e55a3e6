using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of operators with a sliding window over [N,C,…].</summary>
internal static class SpatialShapeRules
{
    /// <summary>Conv, ConvInteger, QLinearConv and DeformConv: [N,C,…] and weights [M,C/group,…].</summary>
    public static Shape Convolution(NodeShapes node, int weightInput, int biasInput)
    {
        (Shape x, Shape weight) = (node[0], node[weightInput]);
        if (x.IsDefault)
            return default;
        RequireSpatial(x);
        if (weight.IsDefault)
            return default;
        DimensionArithmetic.RequireRank(weight, x.Length, "the weight");
        long group = node.Int("group", 1);
        DimensionArithmetic.Same(x[1], DimensionArithmetic.Times(weight[1], group), "the number of input channels");
        DimensionArithmetic.Divide(weight[0], group);
        RequireVector(node[biasInput], weight[0], "the bias");
        return Slide(node, x, weight[0], Kernel(node, weight), ceil: false);
    }

    /// <summary>ConvTranspose: [N,C,…] and weights [C,M/group,…].</summary>
    public static Shape Transposed(NodeShapes node)
    {
        (Shape x, Shape weight) = (node[0], node[1]);
        if (x.IsDefault || weight.IsDefault)
            return default;
        RequireSpatial(x);
        DimensionArithmetic.RequireRank(weight, x.Length, "the weight");
        DimensionArithmetic.Same(x[1], weight[0], "the number of input channels");
        int rank = x.Length - 2;
        (long[] strides, long[] dilations, long[] pads) = Options(node, rank);
        long[] extra = List(node, "output_padding", rank, 0);
        OnnxDimension channels = DimensionArithmetic.Times(weight[1], node.Int("group", 1));
        RequireVector(node[2], channels, "the bias");
        OnnxDimension[] kernel = Kernel(node, weight);
        if (node.Ints("output_shape") is { } wanted)
            return [x[0], channels, .. wanted.TakeLast(rank).Select(size => (OnnxDimension)size)];
        bool same = node.Text("auto_pad", "NOTSET").StartsWith("SAME", StringComparison.Ordinal);
        return
        [
            x[0],
            channels,
            .. Enumerable.Range(0, rank).Select(axis => same
                ? DimensionArithmetic.Times(x[axis + 2], strides[axis])
                : kernel[axis].Value is { } size
                    ? DimensionArithmetic.Plus(
                        DimensionArithmetic.Times(DimensionArithmetic.Plus(x[axis + 2], -1),
                            strides[axis]), extra[axis] + ((size - 1) * dilations[axis]) + 1 - pads[axis] - pads[axis + rank])
                    : OnnxDimension.Unknown),
        ];
    }

    /// <summary>MaxPool, AveragePool and LpPool.</summary>
    public static Shape Pool(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault || node.Ints("kernel_shape") is not { } kernel)
            return default;
        RequireSpatial(x);
        if (kernel.Length != x.Length - 2)
        {
            throw new ShapeConflictException(
                $"kernel_shape has {kernel.Length} sizes; expected {x.Length - 2} for input [{string.Join(',', x)}]");
        }
        return Slide(node, x, x[1], [.. kernel.Select(size => (OnnxDimension)size)], node.Int("ceil_mode", 0) == 1);
    }

    /// <summary>GlobalAveragePool, GlobalMaxPool and GlobalLpPool.</summary>
    public static Shape GlobalPool(NodeShapes node)
    {
        if (node[0].IsDefault)
            return default;
        // Without positions there is nothing to reduce.
        if (node[0].Length < 2)
            throw new ShapeConflictException($"the input has shape [{string.Join(',', node[0])}]; expected [N,C,…]");
        return [.. node[0].Take(2), .. node[0].Skip(2).Select(_ => new OnnxDimension(1))];
    }

    /// <summary>MaxUnpool: the inverse of MaxPool, or to a given shape.</summary>
    public static Shape Unpool(NodeShapes node)
    {
        Shape x = node[0];
        if (node.Elements(2) is { IsDefault: false } wanted)
            return [.. wanted.Select(size => size.ToDimension())];
        if (x.IsDefault || node.Has(2) || node.Ints("kernel_shape") is not { } kernel)
            return default;
        int rank = x.Length - 2;
        (long[] strides, _, long[] pads) = Options(node, rank);
        return [x[0], x[1],
            .. Enumerable.Range(0, rank)
                .Select(axis => DimensionArithmetic.Plus(
                    DimensionArithmetic.Times(DimensionArithmetic.Plus(x[axis + 2], -1), strides[axis]), kernel[axis] - pads[axis]
                        - pads[axis + rank]))];
    }

    /// <summary>RoiAlign and MaxRoiPool: a picture of fixed size per region.</summary>
    public static Shape Regions(NodeShapes node, long height, long width) =>
        node[0].IsDefault || node[1].IsDefault ? default : [node[1][0], node[0][1], height, width];

    /// <summary>Refuses a tensor that is not a vector of a size.</summary>
    public static void RequireVector(Shape shape, OnnxDimension size, string what)
    {
        DimensionArithmetic.RequireRank(shape, 1, what);
        if (!shape.IsDefault)
            DimensionArithmetic.Same(shape[0], size, $"the size of {what}");
    }

    private static void RequireSpatial(Shape x)
    {
        if (x.Length < 3)
            throw new ShapeConflictException($"the input has shape [{string.Join(',', x)}]; expected [N,C,…]");
    }

    private static OnnxDimension[] Kernel(NodeShapes node, Shape weight)
    {
        OnnxDimension[] sizes = [.. weight.Skip(2)];
        if (node.Ints("kernel_shape") is not { } kernel)
            return sizes;
        if (kernel.Length != sizes.Length)
            throw new ShapeConflictException($"kernel_shape has {kernel.Length} sizes; expected {sizes.Length}");
        return [.. sizes.Select((size, axis) => DimensionArithmetic.Same(size, kernel[axis], $"the kernel's size in axis {axis}"))];
    }

    private static Shape Slide(NodeShapes node, Shape x, OnnxDimension channels, OnnxDimension[] kernel, bool ceil)
    {
        int rank = kernel.Length;
        (long[] strides, long[] dilations, long[] pads) = Options(node, rank);
        string auto = node.Text("auto_pad", "NOTSET");
        return [x[0], channels, .. Enumerable.Range(0, rank).Select(Output)];

        OnnxDimension Output(int axis)
        {
            if (x[axis + 2].Value is not { } size)
                return OnnxDimension.Unknown;
            if (auto.StartsWith("SAME", StringComparison.Ordinal))
                return (size + strides[axis] - 1) / strides[axis];
            if (kernel[axis].Value is not { } window)
                return OnnxDimension.Unknown;
            long covered = auto == "VALID" ? size : checked(size + pads[axis] + pads[axis + rank]);
            long steps = checked(covered - ((window - 1) * dilations[axis]) - 1);
            if (steps < 0)
            {
                throw new ShapeConflictException(
                    $"the window of {window} does not fit into the {covered} of axis {axis + 2}, padding included");
            }
            if (!ceil || steps % strides[axis] == 0)
                return (steps / strides[axis]) + 1;
            // A last window that would start in the padding behind is dropped by newer versions of the specification
            // and kept by older ones.
            long last = (steps / strides[axis]) + 1;
            return last * strides[axis] >= size + pads[axis] ? OnnxDimension.Unknown : last + 1;
        }
    }

    private static (long[] Strides, long[] Dilations, long[] Pads) Options(NodeShapes node, int rank) =>
        (List(node, "strides", rank, 1), List(node, "dilations", rank, 1), List(node, "pads", 2 * rank, 0));

    private static long[] List(NodeShapes node, string name, int count, long fallback)
    {
        long[] list = node.Ints(name) ?? [.. Enumerable.Repeat(fallback, count)];
        if (list.Length != count)
            throw new ShapeConflictException($"{name} has {list.Length} numbers; expected {count}");
        // Zero strides and dilations are refused as attributes; nothing sensible follows from them here.
        return fallback == 0 || list.All(number => number > 0) ? list : throw new ShapeConflictException($"{name} has a number below 1");
    }
}
