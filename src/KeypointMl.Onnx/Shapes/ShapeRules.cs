using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>How the shape of an operator's first output follows from its inputs. A default result means: not known here.</summary>
internal static class ShapeRules
{
    private static readonly HashSet<string> _keeping = new(StringComparer.Ordinal)
    {
        "Relu", "LeakyRelu", "Elu", "Celu", "Selu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Abs", "Neg", "Erf", "Reciprocal", "Softplus", "Softsign", "HardSigmoid", "HardSwish", "Shrink",
        "ThresholdedRelu", "Gelu", "Mish", "Identity", "Floor", "Ceil", "Round", "Sign", "Sin", "Cos", "Not", "Cast", "Clip", "PRelu", "Softmax", "LogSoftmax", "BatchNormalization",
        "InstanceNormalization", "LayerNormalization", "GroupNormalization", "LRN", "QuantizeLinear", "DequantizeLinear", "Dropout", "CumSum",
    };

    /// <summary>The shape of a node's first output.</summary>
    public static ImmutableArray<OnnxDimension> Infer(NodeProto node, ShapeInference shapes)
    {
        ImmutableArray<OnnxDimension> x = shapes.Input(node, 0);
        if (x.IsDefault)
            return default;
        if (_keeping.Contains(node.OpType))
            return x;
        return node.OpType switch
        {
            "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Max" or "Min" or "Greater" or "Less" or "Equal" or "GreaterOrEqual" or "LessOrEqual" or "And" or "Or" or "Where" => Broadcast([.. Enumerable.Range(0, node.Input.Count).Select(index => shapes.Input(node, index))]),
            "Conv" => SpatialShapeRules.Convolution(node, x, shapes.Input(node, 1)),
            "ConvTranspose" => SpatialShapeRules.Transposed(node, x, shapes.Input(node, 1)),
            "MaxPool" or "AveragePool" or "LpPool" => SpatialShapeRules.Pool(node, x),
            "GlobalAveragePool" or "GlobalMaxPool" => [.. x.Take(2), .. x.Skip(2).Select(_ => new OnnxDimension(1))],
            "Resize" => SpatialShapeRules.Resize(node, x, shapes),
            "Pad" when shapes.Constant(node, 1) is { } pads && node.Input.Count < 4 => [.. x.Select((size, axis) => Plus(size, pads[axis] + pads[axis + x.Length]))],
            "DepthToSpace" when NodeAttributes.Int(node, "blocksize", 1) is var block => [x[0], Divide(x[1], block * block), Times(x[2], block), Times(x[3], block)],
            "Gemm" => Gemm(node, x, shapes.Input(node, 1)),
            "MatMul" => MatMul(x, shapes.Input(node, 1)),
            "Concat" => Concat(node, shapes),
            "Gather" when shapes.Input(node, 1) is { IsDefault: false } indices && Axis(NodeAttributes.Int(node, "axis", 0), x.Length) is var axis => [.. x[..axis], .. indices, .. x[(axis + 1)..]],
            "Transpose" => NodeAttributes.Ints(node, "perm") is { } perm ? [.. perm.Select(axis => x[(int)axis])] : [.. x.Reverse()],
            "Flatten" when Axis(NodeAttributes.Int(node, "axis", 1), x.Length) is var axis => [Product(x[..axis]), Product(x[axis..])],
            "Reshape" when shapes.Constant(node, 1) is { } shape => Reshape(x, shape, NodeAttributes.Int(node, "allowzero", 0) == 1),
            "Unsqueeze" when shapes.Constant(node, 1) is { } axes => Unsqueeze(x, axes),
            "Squeeze" when shapes.Constant(node, 1) is { } axes => [.. x.Where((_, index) => !axes.Any(axis => Axis(axis, x.Length) == index))],
            "Shape" => [x.Length],
            _ when node.OpType.StartsWith("Reduce", StringComparison.Ordinal) => Reduce(node, x, NodeAttributes.Ints(node, "axes") ?? shapes.Constant(node, 1)),
            _ => default,
        };
    }

    /// <summary>A size changed by a fixed amount.</summary>
    public static OnnxDimension Plus(OnnxDimension size, long change) =>
        change == 0 ? size : size.Value is { } value && value + change >= 0 ? value + change : OnnxDimension.Unknown;

    private static OnnxDimension Times(OnnxDimension size, long factor) => factor == 1 ? size : size.Value * factor is { } product ? product : OnnxDimension.Unknown;

    private static OnnxDimension Divide(OnnxDimension size, long by) => size.Value is { } value && by > 0 ? value / by : OnnxDimension.Unknown;

    private static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);

    private static OnnxDimension Product(ImmutableArray<OnnxDimension> dimensions)
    {
        // One open size times ones is that size.
        long known = dimensions.Aggregate(1L, (product, size) => product * (size.Value ?? 1));
        OnnxDimension[] open = [.. dimensions.Where(size => !size.IsFixed)];
        return open.Length switch { 0 => known, 1 => Times(open[0], known), _ => OnnxDimension.Unknown };
    }

    private static ImmutableArray<OnnxDimension> Broadcast(params ImmutableArray<OnnxDimension>[] inputs)
    {
        if (inputs.Any(shape => shape.IsDefault))
            return default;
        int rank = inputs.Max(shape => shape.Length);
        var result = new OnnxDimension[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            OnnxDimension[] sizes = [.. inputs.Where(shape => axis >= rank - shape.Length).Select(shape => shape[axis - (rank - shape.Length)]).Where(size => size.Value != 1).Distinct()];
            result[axis] = sizes.Length switch
            {
                0 => 1,
                1 => sizes[0],
                _ => sizes.FirstOrDefault(size => size.IsFixed),
            };
        }
        return [.. result];
    }

    private static ImmutableArray<OnnxDimension> Gemm(NodeProto node, ImmutableArray<OnnxDimension> left, ImmutableArray<OnnxDimension> right) =>
        left.Length == 2 && !right.IsDefault && right.Length == 2
            ? [left[NodeAttributes.Int(node, "transA", 0) == 0 ? 0 : 1], right[NodeAttributes.Int(node, "transB", 0) == 0 ? 1 : 0]]
            : default;

    private static ImmutableArray<OnnxDimension> MatMul(ImmutableArray<OnnxDimension> left, ImmutableArray<OnnxDimension> right)
    {
        if (right.IsDefault || left.Length < 2 || right.Length < 2)
            return default;
        return [.. Broadcast(left[..^2], right[..^2]), left[^2], right[^1]];
    }

    private static ImmutableArray<OnnxDimension> Concat(NodeProto node, ShapeInference shapes)
    {
        ImmutableArray<OnnxDimension>[] inputs = [.. Enumerable.Range(0, node.Input.Count).Select(index => shapes.Input(node, index))];
        if (inputs.Any(shape => shape.IsDefault || shape.Length != inputs[0].Length))
            return default;
        int axis = Axis(NodeAttributes.Int(node, "axis", 0), inputs[0].Length);
        OnnxDimension sum = inputs.All(shape => shape[axis].IsFixed) ? inputs.Sum(shape => shape[axis].Value!.Value) : OnnxDimension.Unknown;
        return inputs[0].SetItem(axis, sum);
    }

    private static ImmutableArray<OnnxDimension> Reshape(ImmutableArray<OnnxDimension> x, long[] shape, bool allowZero)
    {
        OnnxDimension[] result = [.. shape.Select((size, axis) => size > 0 || (size == 0 && allowZero) ? size : size == 0 && axis < x.Length ? x[axis] : OnnxDimension.Unknown)];
        int rest = Array.IndexOf(shape, -1);
        if (rest >= 0)
        {
            // Open sizes that stand on both sides cancel; the rest must be fixed for the division.
            List<OnnxDimension> open = [.. x.Where(size => !size.IsFixed)];
            foreach (OnnxDimension size in result.Where((size, axis) => axis != rest && !size.IsFixed))
                open.Remove(size);
            long all = x.Aggregate(1L, (product, size) => product * (size.Value ?? 1));
            long others = result.Aggregate(1L, (product, size) => product * (size.Value ?? 1));
            if (others > 0 && open.Count == 0)
                result[rest] = all / others;
            else if (open.Count == 1 && all == others)
                result[rest] = open[0];
        }
        return [.. result];
    }

    private static ImmutableArray<OnnxDimension> Unsqueeze(ImmutableArray<OnnxDimension> x, long[] axes)
    {
        int rank = x.Length + axes.Length;
        var inserted = axes.Select(axis => Axis(axis, rank)).ToHashSet();
        var rest = new Queue<OnnxDimension>(x);
        return [.. Enumerable.Range(0, rank).Select(axis => inserted.Contains(axis) ? 1 : rest.Dequeue())];
    }

    private static ImmutableArray<OnnxDimension> Reduce(NodeProto node, ImmutableArray<OnnxDimension> x, long[]? axes)
    {
        // None given means all, or none by an attribute.
        if (axes is null or [])
            return default;
        var reduced = axes.Select(axis => Axis(axis, x.Length)).ToHashSet();
        bool keep = NodeAttributes.Int(node, "keepdims", 1) == 1;
        return [.. x.Select((size, axis) => (size, axis)).Where(pair => keep || !reduced.Contains(pair.axis)).Select(pair => reduced.Contains(pair.axis) ? 1 : pair.size)];
    }
}
