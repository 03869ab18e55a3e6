using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of operators that make values out of numbers: constants, ranges, random numbers.</summary>
internal static class SourceShapeRules
{
    /// <summary>Constant, in all the forms of its value.</summary>
    public static Shape Constant(NodeShapes node)
    {
        foreach (Protobuf.AttributeProto attribute in node.Node.Attribute)
        {
            switch (attribute.Name)
            {
                case "value" when attribute.T is not null:
                    return [.. attribute.T.Dims.Select(size => new OnnxDimension(size))];
                case "value_int" or "value_float" or "value_string":
                    return [];
                case "value_ints":
                    return [attribute.Ints.Count];
                case "value_floats":
                    return [attribute.Floats.Count];
                case "value_strings":
                    return [attribute.Strings.Count];
            }
        }
        return default;
    }

    /// <summary>A shape that an input gives, as in ConstantOfShape.</summary>
    public static Shape Given(NodeShapes node, int input) =>
        node.Elements(input) is { IsDefault: false } elements
            ? [.. elements.Select(element => element.ToDimension())]
            : DimensionArithmetic.OpenByList(node[input]);

    /// <summary>A shape that an attribute gives, as in RandomNormal.</summary>
    public static Shape Listed(NodeShapes node) =>
        node.Ints("shape") is { } sizes ? [.. sizes.Select(size => new IntegerElement(size, null).ToDimension())] : default;

    /// <summary>EyeLike: the shape of a matrix.</summary>
    public static Shape Square(NodeShapes node)
    {
        DimensionArithmetic.RequireRank(node[0], 2, "the input");
        return node[0];
    }

    /// <summary>Range: as many numbers as fit between constant bounds.</summary>
    public static Shape Range(NodeShapes node)
    {
        if (node.Constant(0) is not [var start] || node.Constant(1) is not [var limit] || node.Constant(2) is not [var step])
            return [OnnxDimension.Unknown];
        if (step == 0)
            throw new ShapeConflictException("the step is 0");
        return [(long)IntegerRange.Count(start, limit, step)];
    }

    /// <summary>Shape: the sizes of a tensor, or of some of its axes.</summary>
    public static Shape SizesOf(NodeShapes node) => node[0].IsDefault ? [OnnxDimension.Unknown] : [Slice(node).Length];

    /// <summary>The axes that a Shape node reads.</summary>
    public static Shape Slice(NodeShapes node)
    {
        int rank = node[0].Length;
        int start = Bound(node.Int("start", 0), rank);
        int end = Bound(node.Int("end", rank), rank);
        return start < end ? node[0][start..end] : [];
    }

    /// <summary>HannWindow and its kin: as many numbers as the input says.</summary>
    public static Shape Window(NodeShapes node) =>
        [node.Elements(0) is { IsDefault: false, Length: 1 } size ? size[0].ToDimension() : OnnxDimension.Unknown];

    /// <summary>Multinomial: samples per row.</summary>
    public static Shape Samples(NodeShapes node) =>
        node[0].IsDefault ? default : [node[0][0], new IntegerElement(node.Int("sample_size", 1), null).ToDimension()];

    private static int Bound(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);
}
