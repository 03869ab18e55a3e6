using System.Collections.Immutable;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Onnx.Shapes;

/// <summary>
/// Follows short lists of integers through the operators with which graphs compute shapes, such as Shape → Gather →
/// Concat → Reshape, so that shapes behind them are known.
/// </summary>
internal static class ElementRules
{
    private const int MaxElements = 1024;

    /// <summary>The elements of a node's first output as far as they are known; default if not.</summary>
    public static ImmutableArray<IntegerElement> Infer(NodeShapes node) => node.Node.OpType switch
    {
        "Constant" => Constant(node),
        "Shape" => node[0].IsDefault ? default : [.. SourceShapeRules.Slice(node).Select(IntegerElement.From)],
        "Size" => node[0].IsDefault ? default : [IntegerElement.From(DimensionArithmetic.Product(node[0]))],
        "Identity" or "Unsqueeze" or "Squeeze" or "Reshape" => node.Elements(0),
        "Cast" when node.Int("to", 0) is (long)OnnxElementType.Int64 or (long)OnnxElementType.Int32 => node.Elements(0),
        "Concat" => Concat(node),
        "Gather" => Gather(node),
        "Slice" => Slice(node),
        "Add" => Combine(node, (left, right) => checked(left + right)),
        "Sub" => Combine(node, (left, right) => checked(left - right)),
        "Mul" => Combine(node, (left, right) => checked(left * right)),
        "Div" => Combine(node, (left, right) => right == 0 ? null : left / right),
        _ => default,
    };

    private static ImmutableArray<IntegerElement> Constant(NodeShapes node)
    {
        if (NodeAttributes.Find(node.Node, "value")?.T is { } tensor)
            return NodeShapes.ElementsOf(tensor);
        if (NodeAttributes.Find(node.Node, "value_int") is { } number)
            return [new IntegerElement(number.I, null)];
        return node.Ints("value_ints") is { Length: <= MaxElements } numbers
            ? [.. numbers.Select(value => new IntegerElement(value, null))]
            : default;
    }

    // A number or a list: the elements of more dimensions do not lie one behind the other when they are put together.
    private static bool IsList(NodeShapes node, int input) => !node[input].IsDefault && node[input].Length <= 1;

    private static ImmutableArray<IntegerElement> Concat(NodeShapes node)
    {
        if (!Enumerable.Range(0, node.Count).All(input => IsList(node, input)))
            return default;
        ImmutableArray<IntegerElement>[] parts = [.. Enumerable.Range(0, node.Count).Select(node.Elements)];
        return parts.Any(part => part.IsDefault) || parts.Sum(part => part.Length) > MaxElements
            ? default
            : [.. parts.SelectMany(part => part)];
    }

    private static ImmutableArray<IntegerElement> Gather(NodeShapes node)
    {
        ImmutableArray<IntegerElement> list = node.Elements(0);
        if (list.IsDefault || node[0].IsDefault || node[0].Length != 1 || node.Constant(1) is not { } indices)
            return default;
        // An index outside is for the runtime to say.
        return indices.Any(index => index < -list.Length || index >= list.Length)
            ? default
            : [.. indices.Select(index => list[(int)(index < 0 ? index + list.Length : index)])];
    }

    private static ImmutableArray<IntegerElement> Slice(NodeShapes node)
    {
        ImmutableArray<IntegerElement> list = node.Elements(0);
        if (list.IsDefault || node[0].IsDefault || node[0].Length != 1 || (node.Has(4) && node.Constant(4) is not [1]))
            return default;
        if ((node.Constant(1) ?? node.Ints("starts")) is not [var start] || (node.Constant(2) ?? node.Ints("ends")) is not [var end])
            return default;
        int from = (int)Math.Clamp(start < 0 ? start + list.Length : start, 0, list.Length);
        int to = (int)Math.Clamp(end < 0 ? end + list.Length : end, 0, list.Length);
        return from < to ? list[from..to] : [];
    }

    private static ImmutableArray<IntegerElement> Combine(NodeShapes node, Func<long, long, long?> combine)
    {
        if (!IsList(node, 0) || !IsList(node, 1))
            return default;
        (ImmutableArray<IntegerElement> left, ImmutableArray<IntegerElement> right) = (node.Elements(0), node.Elements(1));
        if (left.IsDefault || right.IsDefault || left.Length == 0 || right.Length == 0
            || (left.Length != right.Length && left.Length != 1 && right.Length != 1))
            return default;
        return
        [
            .. Enumerable.Range(0, Math.Max(left.Length, right.Length)).Select(index =>
                left[left.Length == 1 ? 0 : index].Number is { } first && right[right.Length == 1 ? 0 : index].Number is { } second
                    ? new IntegerElement(combine(first, second), null)
                    : default),
        ];
    }
}

/// <summary>One element of a list of integers: a number, a named size that a shape brought in, or (both null) unknown.</summary>
/// <param name="Number">The number.</param>
/// <param name="Symbol">The name of a size.</param>
internal readonly record struct IntegerElement(long? Number, string? Symbol)
{
    /// <summary>The element that a dimension becomes when a shape is read.</summary>
    public static IntegerElement From(OnnxDimension dimension) => new(dimension.Value, dimension.Symbol);

    /// <summary>The dimension that it becomes when it is used as a shape.</summary>
    /// <exception cref="ShapeConflictException">The number is negative.</exception>
    public OnnxDimension ToDimension() => Number is { } number
        ? number >= 0 ? number : throw new ShapeConflictException($"a size is {number}; expected 0 or more")
        : Symbol is { } symbol ? symbol : OnnxDimension.Unknown;
}
