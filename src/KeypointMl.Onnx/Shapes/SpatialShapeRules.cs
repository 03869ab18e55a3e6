using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>The shapes of operators with a sliding window or a resampling over [N,C,…].</summary>
internal static class SpatialShapeRules
{
    /// <summary>Conv: [N,C,…] and weights [M,C/group,…].</summary>
    public static ImmutableArray<OnnxDimension> Convolution(NodeProto node, ImmutableArray<OnnxDimension> x, ImmutableArray<OnnxDimension> weight) =>
        weight.IsDefault || weight.Length != x.Length ? default : Slide(node, x, weight[0], [.. weight.Skip(2).Select(size => size.Value ?? 0)], ceil: false);

    /// <summary>ConvTranspose: [N,C,…] and weights [C,M/group,…].</summary>
    public static ImmutableArray<OnnxDimension> Transposed(NodeProto node, ImmutableArray<OnnxDimension> x, ImmutableArray<OnnxDimension> weight)
    {
        if (weight.IsDefault || weight.Length != x.Length || NodeAttributes.Text(node, "auto_pad", "NOTSET") != "NOTSET" || NodeAttributes.Ints(node, "output_shape") is not null)
            return default;
        int rank = x.Length - 2;
        (long[] strides, long[] dilations, long[] pads) = Options(node, rank);
        long[] extra = NodeAttributes.Ints(node, "output_padding") ?? new long[rank];
        OnnxDimension channels = weight[1].Value * NodeAttributes.Int(node, "group", 1) is { } product ? product : OnnxDimension.Unknown;
        return
        [
            x[0],
            channels,
            .. Enumerable.Range(0, rank).Select(axis => x[axis + 2].Value is { } size && weight[axis + 2].Value is { } kernel
                ? ((size - 1) * strides[axis]) + extra[axis] + ((kernel - 1) * dilations[axis]) + 1 - pads[axis] - pads[axis + rank]
                : OnnxDimension.Unknown),
        ];
    }

    /// <summary>MaxPool, AveragePool and LpPool.</summary>
    public static ImmutableArray<OnnxDimension> Pool(NodeProto node, ImmutableArray<OnnxDimension> x) =>
        NodeAttributes.Ints(node, "kernel_shape") is { } kernel && kernel.Length == x.Length - 2
            ? Slide(node, x, x[1], kernel, NodeAttributes.Int(node, "ceil_mode", 0) == 1)
            : default;

    /// <summary>Resize by stored factors or to stored sizes.</summary>
    public static ImmutableArray<OnnxDimension> Resize(NodeProto node, ImmutableArray<OnnxDimension> x, ShapeInference shapes)
    {
        if (NodeAttributes.Text(node, "keep_aspect_ratio_policy", "stretch") != "stretch")
            return default;
        if (shapes.Constant(node, 3) is { } sizes && sizes.Length == x.Length)
            return [.. sizes.Select(size => new OnnxDimension(size))];
        if (shapes.Factors(node, 2) is not { } factors || factors.Length != x.Length)
            return default;
        return [.. x.Select((size, axis) => factors[axis] == 1 ? size : size.Value is { } value ? (long)MathF.Floor(value * factors[axis]) : OnnxDimension.Unknown)];
    }

    private static ImmutableArray<OnnxDimension> Slide(NodeProto node, ImmutableArray<OnnxDimension> x, OnnxDimension channels, long[] kernel, bool ceil)
    {
        int rank = kernel.Length;
        (long[] strides, long[] dilations, long[] pads) = Options(node, rank);
        string auto = NodeAttributes.Text(node, "auto_pad", "NOTSET");
        return [x[0], channels, .. Enumerable.Range(0, rank).Select(Output)];

        OnnxDimension Output(int axis)
        {
            if (x[axis + 2].Value is not { } size)
                return OnnxDimension.Unknown;
            if (auto.StartsWith("SAME", StringComparison.Ordinal))
                return (size + strides[axis] - 1) / strides[axis];
            long covered = size + pads[axis] + pads[axis + rank] - ((kernel[axis] - 1) * dilations[axis]) - 1;
            if (covered < 0)
                return OnnxDimension.Unknown;
            long count = ((covered + (ceil ? strides[axis] - 1 : 0)) / strides[axis]) + 1;
            // Whether a last window that lies wholly in the padding counts differs between runtimes.
            return ceil && (count - 1) * strides[axis] >= size + pads[axis] ? OnnxDimension.Unknown : count;
        }
    }

    private static (long[] Strides, long[] Dilations, long[] Pads) Options(NodeProto node, int rank) => (
        NodeAttributes.Ints(node, "strides") ?? [.. Enumerable.Repeat(1L, rank)],
        NodeAttributes.Ints(node, "dilations") ?? [.. Enumerable.Repeat(1L, rank)],
        NodeAttributes.Ints(node, "pads") ?? new long[2 * rank]);
}
