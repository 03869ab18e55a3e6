using System.Collections.Immutable;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Inspection;

/// <summary>
/// Counts the multiply–adds of the operators in which nearly all of a network's arithmetic lies: convolutions, matrix
/// products and what is made of them.
/// </summary>
internal static class MultiplyAddCounter
{
    /// <summary>Whether an operator's arithmetic is counted.</summary>
    public static bool Counts(NodeProto node) => StandardOperators.IsStandardDomain(node.Domain) && node.OpType is
        "Conv" or "ConvTranspose" or "ConvInteger" or "QLinearConv" or "DeformConv" or "Gemm" or "MatMul" or "MatMulInteger"
        or "QLinearMatMul" or "Einsum" or "RNN" or "GRU" or "LSTM" or "Attention";

    /// <summary>The multiply–adds of a node; null where a shape is not known.</summary>
    /// <param name="node">A node that <see cref="Counts"/>.</param>
    /// <param name="find">What is known of a value.</param>
    public static long? Count(NodeProto node, Func<string, ValueFacts?> find)
    {
        // Conv: every output element sums a kernel over C/group channels. ConvTranspose: every input element spreads
        // over M/group channels of a kernel.
        try
        {
            return checked(node.OpType switch
            {
                "Conv" or "ConvInteger" or "DeformConv" => Product(Output()) * Product(Rest(Input(1))),
                "QLinearConv" => Product(Output()) * Product(Rest(Input(3))),
                "ConvTranspose" => Product(Input(0)) * Product(Rest(Input(1))),
                "Gemm" when Input(0) is { IsDefault: false, Length: 2 } left =>
                    Product(Output()) * Size(left[NodeAttributes.Int(node, "transA", 0) == 0 ? 1 : 0]),
                "MatMul" or "MatMulInteger"
                    or "QLinearMatMul" when Input(0) is { IsDefault: false, Length: > 0 } left => Product(Output()) * Size(left[^1]),
                "Einsum" => Einsum(node, [.. Enumerable.Range(0, node.Input.Count).Select(Input)]),
                "RNN" => Recurrent(node, gates: 1, Input(0), Input(2)),
                "GRU" => Recurrent(node, gates: 3, Input(0), Input(2)),
                "LSTM" => Recurrent(node, gates: 4, Input(0), Input(2)),
                "Attention" => Attention(Input(0), Input(1), Input(2)),
                _ => null,
            });
        }
        catch (OverflowException)
        {
            return null;
        }

        Shape Input(int index) => index < node.Input.Count ? find(node.Input[index])?.Shape ?? default : default;
        Shape Output() => node.Output.Count > 0 ? find(node.Output[0])?.Shape ?? default : default;
    }

    private static Shape Rest(Shape shape) => shape.IsDefault || shape.Length == 0 ? default : shape[1..];

    // Each step multiplies input and state by a matrix per gate and direction.
    private static long? Recurrent(NodeProto node, int gates, Shape x, Shape recurrence)
    {
        if (x.IsDefault || x.Length != 3 || recurrence.IsDefault || recurrence.Length != 3)
            return null;
        long? hidden = NodeAttributes.Int(node, "hidden_size", 0) is > 0 and var given ? given : Size(recurrence[2]);
        return checked(Size(x[0]) * Size(x[1]) * Size(recurrence[0]) * gates * hidden * (Size(x[2]) + hidden));
    }

    // Every combination of the letters is one product of all inputs.
    private static long? Einsum(NodeProto node, ImmutableArray<Shape> inputs)
    {
        string[] terms = NodeAttributes.Text(node, "equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->")[0].Split(',');
        if (terms.Length != inputs.Length || inputs.Any(shape => shape.IsDefault)
            || terms.Zip(inputs).Any(pair => pair.First.Length != pair.Second.Length || !pair.First.All(char.IsAsciiLetter)))
            return null;
        long? combinations = 1;
        foreach (IGrouping<char, OnnxDimension> letter in terms.Zip(inputs).SelectMany(pair => pair.First.Zip(pair.Second))
            .GroupBy(pair => pair.First, pair => pair.Second))
            combinations = checked(combinations * letter.Select(Size).Max());
        return checked(combinations * Math.Max(1, terms.Length - 1));
    }

    // Queries times keys, and weights times values: [B,H,L,E], [B,H,S,E], [B,H,S,V], or with the heads side by side in the last axis.
    private static long? Attention(Shape query, Shape key, Shape value)
    {
        if (query.IsDefault || key.IsDefault || value.IsDefault || query.Length != key.Length || key.Length != value.Length
            || query.Length is not (3 or 4))
            return null;
        return checked(Product(query) * Size(key[^2]) + (Product([.. query[..^1], value[^1]]) * Size(key[^2])));
    }

    private static long? Product(Shape shape) =>
        shape.IsDefault ? null : shape.Aggregate((long?)1, (product, dimension) => checked(product * Size(dimension)));

    // A named size that was not given is a batch of one; a size that nothing is known about makes the count unknown.
    private static long? Size(OnnxDimension dimension) => dimension.Value ?? (dimension.Symbol is null ? null : 1);
}
