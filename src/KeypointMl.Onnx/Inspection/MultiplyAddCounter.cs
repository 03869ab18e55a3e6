using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Counts the multiply–adds of the operators in which nearly all of a network's arithmetic lies.</summary>
internal static class MultiplyAddCounter
{
    /// <summary>Whether an operator's arithmetic is counted.</summary>
    public static bool Counts(NodeProto node) => node.OpType is "Conv" or "ConvTranspose" or "Gemm" or "MatMul";

    /// <summary>The multiply–adds of a node; null where a shape is not known.</summary>
    public static long? Count(NodeProto node, IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> shapes)
    {
        if (node.Input.Count < 2
            || !shapes.TryGetValue(node.Input[0], out ImmutableArray<OnnxDimension> left)
            || !shapes.TryGetValue(node.Input[1], out ImmutableArray<OnnxDimension> right)
            || !shapes.TryGetValue(node.Output[0], out ImmutableArray<OnnxDimension> output))
        {
            return null;
        }
        // Conv: every output element sums a kernel over C/group channels. ConvTranspose: every input element spreads over M/group channels of a kernel.
        return node.OpType switch
        {
            "Conv" => Product(output) * Product(right.Skip(1)),
            "ConvTranspose" => Product(left) * Product(right.Skip(1)),
            "Gemm" when left.Length == 2 => Product(output) * Size(left[NodeAttributes.Int(node, "transA", 0) == 0 ? 1 : 0]),
            "MatMul" when left.Length > 0 => Product(output) * Size(left[^1]),
            _ => null,
        };
    }

    private static long? Product(IEnumerable<OnnxDimension> dimensions) => dimensions.Aggregate((long?)1, (product, dimension) => product * Size(dimension));

    // A named size that was not given is a batch of one; a size that nothing is known about makes the count unknown.
    private static long? Size(OnnxDimension dimension) => dimension.Value ?? (dimension.Symbol is null ? null : 1);
}
