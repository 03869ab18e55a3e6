using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of operators that keep the shape of their input, and of what else they read and make.</summary>
internal static class NormalizationShapeRules
{
    /// <summary>Operators whose first output has the shape of their first input.</summary>
    public static IEnumerable<string> Keeping { get; } =
    [
        "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Bernoulli", "BitwiseNot", "Cast", "CastLike", "Ceil", "Celu",
            "Clip", "Cos", "Cosh", "CumProd", "CumSum", "Elu", "Erf", "Exp",
        "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "IsInf", "IsNaN", "LRN", "LeakyRelu", "Log", "LpNormalization",
            "MeanVarianceNormalization", "Mish", "Neg", "Not",
        "RandomNormalLike", "RandomUniformLike", "Reciprocal", "Relu", "ReverseSequence", "RotaryEmbedding", "Round", "ScatterND",
            "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh",
        "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "TensorScatter", "ThresholdedRelu", "Trilu",
    ];

    /// <summary>Softmax and its kin: along an axis that must exist.</summary>
    public static Shape AlongAxis(NodeShapes node)
    {
        if (!node[0].IsDefault && NodeAttributes.Find(node.Node, "axis") is { } axis)
            NodeShapes.Axis(axis.I, node[0].Length);
        return node[0];
    }

    /// <summary>BatchNormalization: [N,C,…] with four vectors of C; what it may make besides are such vectors.</summary>
    public static Shape[] Batch(NodeShapes node)
    {
        if (node[0].IsDefault)
            return [];
        if (node[0].Length < 2)
            return [node[0]];
        // Before opset 14 there were 1 or 5 outputs, and no mode.
        if (node.Node.Output.Count == 3 != (node.Int("training_mode", 0) == 1))
        {
            throw new ShapeConflictException(
                $"there are {node.Node.Output.Count} outputs with training_mode {node.Int("training_mode", 0)}; "
                + "expected 3 in training and 1 else");
        }
        for (int index = 1; index < 5; index++)
            SpatialShapeRules.RequireVector(node[index], node[0][1], $"input {index}");
        Shape channels = [node[0][1]];
        return [node[0], channels, channels, channels, channels];
    }

    /// <summary>InstanceNormalization: [N,C,…] with vectors of C.</summary>
    public static Shape Instance(NodeShapes node)
    {
        Shape x = RequireChannels(node[0]);
        if (x.IsDefault)
            return default;
        SpatialShapeRules.RequireVector(node[1], x[1], "the scale");
        SpatialShapeRules.RequireVector(node[2], x[1], "the bias");
        return x;
    }

    /// <summary>GroupNormalization: [N,C,…], the channels in equal groups.</summary>
    public static Shape Group(NodeShapes node)
    {
        Shape x = RequireChannels(node[0]);
        if (!x.IsDefault)
            DimensionArithmetic.Divide(x[1], node.Int("num_groups", 1));
        return x;
    }

    /// <summary>
    /// LayerNormalization: over the axes from one on, for which mean and deviation have size 1; scale and bias are
    /// broadcast.
    /// </summary>
    public static Shape[] Layer(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return [];
        int axis = node.Axis("axis", -1, x.Length);
        DimensionArithmetic.Broadcast(x, node[1]);
        DimensionArithmetic.Broadcast(x, node[2]);
        Shape statistics = [.. x.Select((size, index) => index < axis ? size : 1)];
        return [x, statistics, statistics];
    }

    /// <summary>PRelu: the slope is broadcast to the input and not the other way round.</summary>
    public static Shape Slope(NodeShapes node)
    {
        if (!node[0].IsDefault && !node[1].IsDefault && DimensionArithmetic.Broadcast(node[0], node[1]).Length > node[0].Length)
        {
            throw new ShapeConflictException(
                $"the slope [{string.Join(',', node[1])}] has more dimensions than the input [{string.Join(',', node[0])}]");
        }
        return node[0];
    }

    /// <summary>QuantizeLinear and DequantizeLinear: scale and zero point are alike; a vector is as long as the axis.</summary>
    public static Shape Quantized(NodeShapes node)
    {
        (Shape x, Shape scale, Shape zero) = (node[0], node[1], node[2]);
        if (!scale.IsDefault && !zero.IsDefault)
        {
            DimensionArithmetic.RequireRank(zero, scale.Length, "the zero point");
            for (int index = 0; index < scale.Length; index++)
                DimensionArithmetic.Same(scale[index], zero[index], $"axis {index} of scale and zero point");
        }
        // A vector of one counts as a scalar; from opset 21 on there are blocks.
        if (!x.IsDefault && !scale.IsDefault && scale is [{ Value: > 1 } channels] && node.Int("block_size", 0) == 0)
            DimensionArithmetic.Same(x[node.Axis("axis", 1, x.Length)], channels, "the number of channels");
        return x;
    }

    private static Shape RequireChannels(Shape x) =>
        x is { IsDefault: false, Length: < 3 }
        ? throw new ShapeConflictException($"the input has shape [{string.Join(',', x)}]; expected [N,C,…]")
        : x;
}
