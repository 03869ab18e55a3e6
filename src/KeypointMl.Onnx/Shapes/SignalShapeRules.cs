using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of Fourier transforms, whose last axis holds real and imaginary parts.</summary>
internal static class SignalShapeRules
{
    /// <summary>DFT: an axis of another length where that is given, or of unknown length where half of it is left out.</summary>
    public static Shape Dft(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        if (x.Length < 2)
        {
            throw new ShapeConflictException(
                $"the input has shape [{string.Join(',', x)}]; expected at least 2 dimensions, the last for real and imaginary parts");
        }
        bool half = node.Int("onesided", 0) == 1;
        Shape result = x.SetItem(x.Length - 1, half && node.Int("inverse", 0) == 1 ? OnnxDimension.Unknown : 2);
        if (!half && !node.Has(1))
            return result;
        // An attribute in opset 17, an input from 20 on; the defaults, 1 and −2, agree where there are three axes.
        if ((NodeAttributes.Find(node.Node, "axis")?.I
            ?? (node.Constant(2) is [var given] ? given : x.Length == 3 && !node.Has(2) ? 1 : null)) is not { } chosen)
            return DimensionArithmetic.Open(x.Length).SetItem(x.Length - 1, result[^1]);
        int axis = NodeShapes.Axis(chosen, x.Length);
        return result.SetItem(axis, !half && node.Constant(1) is [>= 0 and var length] ? length : OnnxDimension.Unknown);
    }

    /// <summary>STFT: [batch,signal,…] gives [batch,frames,frequencies,2].</summary>
    public static Shape Stft(NodeShapes node)
    {
        if (node[0].IsDefault)
            return default;
        if (node[0].Length < 2)
            throw new ShapeConflictException($"the input has shape [{string.Join(',', node[0])}]; expected [batch,signal,…]");
        return [node[0][0], OnnxDimension.Unknown, OnnxDimension.Unknown, 2];
    }

    /// <summary>MelWeightMatrix: half the transform's length and one, by the number of bins.</summary>
    public static Shape MelWeights(NodeShapes node) =>
    [
        node.Constant(1) is [>= 0 and var length] ? (length / 2) + 1 : OnnxDimension.Unknown,
        node.Constant(0) is [>= 0 and var bins] ? bins : OnnxDimension.Unknown,
    ];
}
