using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// The operators for which ONNX Runtime's CPU provider has integer kernels and turns QuantizeLinear and
/// DequantizeLinear around them into these kernels: QLinearConv, QGemm, QLinearMatMul, QLinearConcat, QLinearAdd,
/// QLinearMul, QLinearAveragePool, QLinearGlobalAveragePool, QLinearLeakyRelu, and MaxPool, Resize and moves on 8-bit
/// integers (https://github.com/microsoft/onnxruntime, onnxruntime/core/optimizer/qdq_transformer). Sigmoid and Softmax
/// have such kernels too and are left out: 256 steps of a probability are too few for what is computed from it.
/// </summary>
internal static class OperatorRules
{
    // Where ONNX Runtime's direct integer convolution does not apply (MlasConvSym: input channels in fours, at least 16
    // output channels) it gathers the input and multiplies matrices, which lost to its float convolution below these
    // widths in benchmarks/README.md.
    private const int FewestInputChannels = 4;
    private const int NarrowChannels = 16;

    /// <summary>What an operator does in the integer domain and how it runs, or no kind and why it stays in 32-bit floats.</summary>
    public static (UnitKind? Kind, string Reason) Classify(NodeProto node, GraphEdits graph, OnnxQuantizationOptions options)
    {
        if (node.Domain is not ("" or "ai.onnx"))
            return (null, $"operator of domain '{node.Domain}'");
        return node.OpType switch
        {
            "Conv" => Weighted(Convolution(node, graph, options), "QLinearConv"),
            "Gemm" => Weighted(Gemm(node, graph), "QGemm"),
            "MatMul" => Weighted(Product(node, graph), "QLinearMatMul"),
            "ConvTranspose" => (null, "ONNX Runtime's CPU has no integer kernel for transposed convolutions"),
            "Resize" => Resize(node),
            "MaxPool" when node.Output.Count > 1 => (null, "its indices have no integer kernel"),
            "MaxPool" or "Reshape" or "Flatten" or "Transpose" or "Squeeze" or "Unsqueeze" or "Slice" or "Expand" or "Tile" =>
                (UnitKind.SharedRange, "runs on 8-bit integers"),
            "Concat" or "Add" or "Mul" or "AveragePool" or "GlobalAveragePool" or "LeakyRelu" =>
                (UnitKind.OwnRange, $"runs as QLinear{node.OpType}"),
            _ => (null, "no integer kernel is used for this operator"),
        };
    }

    /// <summary>
    /// The number at which a node that cuts off below 0 (Relu, or Clip from 0 on) cuts off above; null for any other
    /// node.
    /// </summary>
    public static float? RectifierCeiling(NodeProto node, GraphEdits graph)
    {
        if (node.Domain is not ("" or "ai.onnx"))
            return null;
        if (node.OpType == "Relu")
            return float.PositiveInfinity;
        if (node.OpType != "Clip" || graph.FloatConstant(node, 1) is not { } min || TensorData.Floats(min) is not [0f])
            return null;
        if (node.Input.Count < 3 || node.Input[2].Length == 0)
            return float.PositiveInfinity;
        return graph.FloatConstant(node, 2) is { } max && TensorData.Floats(max) is [var ceiling] ? ceiling : null;
    }

    private static (UnitKind? Kind, string Reason) Weighted(string? obstacle, string kernel) =>
        obstacle is null ? (UnitKind.Weighted, $"runs as {kernel}") : (null, obstacle);

    private static string? Convolution(NodeProto node, GraphEdits graph, OnnxQuantizationOptions options)
    {
        if (Operands(node, graph) is { } obstacle)
            return obstacle;
        TensorProto weight = graph.FloatConstant(node, 1)!;
        if (weight.Dims.Count < 3)
            return "its weights are no kernel";
        (long outputs, long inputs) = (weight.Dims[0], weight.Dims[1]);
        bool narrow = inputs < FewestInputChannels || (inputs < NarrowChannels && outputs < NarrowChannels);
        return options.SkipNarrowConvolutions && narrow && NodeAttributes.Int(node, "group", 1) == 1
            ? $"too narrow ({inputs} → {outputs} channels) to gain from integers"
            : null;
    }

    private static string? Gemm(NodeProto node, GraphEdits graph) =>
        Operands(node, graph) is { } obstacle ? obstacle
        : graph.FloatConstant(node, 2) is { } bias && bias.Dims.Count != 1 ? "its bias is not a vector"
        : NodeAttributes.Int(node, "transA", 0) != 0 ? "it transposes its activation"
        : node.Attribute.Any(attribute => attribute.Name is "alpha" or "beta" && attribute.F != 1) ? "it scales its product or bias"
        : null;

    private static string? Product(NodeProto node, GraphEdits graph) =>
        Operands(node, graph) ?? (graph.FloatConstant(node, 1)!.Dims.Count == 2 ? null : "its weights are not a matrix");

    private static string? Operands(NodeProto node, GraphEdits graph) =>
        graph.FloatConstant(node, 1) is null || graph.Constant(node, 0) is not null ? "its weights are not stored 32-bit floats"
        : node.Input.Count > 2 && node.Input[2].Length > 0 && graph.FloatConstant(node, 2) is null ? "its bias is not stored 32-bit floats"
        : null;

    private static (UnitKind? Kind, string Reason) Resize(NodeProto node) =>
        NodeAttributes.Text(node, "coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize"
        ? (null, "extrapolation leaves the range of its input")
        : NodeAttributes.Text(node, "mode", "nearest") switch
        {
            "nearest" => (UnitKind.SharedRange, "runs on 8-bit integers"),
            "linear" => (UnitKind.SharedRange,
                "reads and makes 8-bit integers; newer versions of ONNX Runtime interpolate in floats between them"),
            _ => (null, "cubic interpolation leaves the range of its input"),
        };
}
