using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// The operators for which ONNX Runtime's CPU provider has integer kernels and turns QuantizeLinear and DequantizeLinear around them into these kernels: QLinearConv, QGemm,
/// QLinearMatMul, QLinearConcat, QLinearAdd, QLinearMul, QLinearAveragePool, QLinearGlobalAveragePool, QLinearLeakyRelu, and MaxPool, Resize and moves on 8-bit integers
/// (https://github.com/microsoft/onnxruntime, onnxruntime/core/optimizer/qdq_transformer). Sigmoid and Softmax have such kernels too and are left out: 256 steps of a
/// probability are too few for what is computed from it.
/// </summary>
internal static class OperatorRules
{
    /// <summary>What an operator does in the integer domain, or why it stays in 32-bit floats.</summary>
    public static (UnitKind? Kind, string Reason) Classify(NodeProto node, GraphIndex index)
    {
        if (node.Domain is not ("" or "ai.onnx"))
            return (null, $"operator of domain '{node.Domain}'");
        return node.OpType switch
        {
            "Conv" => Weighted(Convolution(node, index)),
            "Gemm" => Weighted(Product(node, index)),
            "MatMul" => Weighted(index.StoredFloats(node, 1) is { Dims.Count: 2 } && index.IsActivation(node, 0) ? null : "its second factor is not a stored matrix of 32-bit floats"),
            "ConvTranspose" => (null, "ONNX Runtime's CPU has no integer kernel for transposed convolutions"),
            "Resize" when NodeAttributes.Text(node, "mode", "nearest") == "cubic" => (null, "cubic interpolation leaves the range of its input"),
            "Resize" when NodeAttributes.Text(node, "coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize" => (null, "extrapolation leaves the range of its input"),
            "Resize" or "MaxPool" or "Reshape" or "Flatten" or "Transpose" or "Squeeze" or "Unsqueeze" or "Slice" or "Expand" or "Tile" =>
                node.Output.Count == 1 ? (UnitKind.SharedRange, "") : (null, "its second output has no integer kernel"),
            "Concat" or "Add" or "Mul" or "AveragePool" or "GlobalAveragePool" or "LeakyRelu" => (UnitKind.OwnRange, ""),
            _ => (null, "no integer kernel is used for this operator"),
        };
    }

    /// <summary>Whether a node cuts off below 0 (Relu, or Clip from 0 on), as a range that starts at 0 does.</summary>
    public static bool IsRectifier(NodeProto node, GraphIndex index) => node.Domain is "" or "ai.onnx" && node.OpType switch
    {
        "Relu" => true,
        "Clip" => index.StoredFloats(node, 1) is { } min && FloatTensor.Read(min) is [0f] && (node.Input.Count < 3 || node.Input[2].Length == 0 || index.StoredFloats(node, 2) is not null),
        _ => false,
    };

    private static (UnitKind? Kind, string Reason) Weighted(string? obstacle) => obstacle is null ? (UnitKind.Weighted, "") : (null, obstacle);

    private static string? Convolution(NodeProto node, GraphIndex index) =>
        index.StoredFloats(node, 1) is null || !index.IsActivation(node, 0) ? "its weights are not stored 32-bit floats"
        : HasForeignBias(node, index) ? "its bias is not stored 32-bit floats"
        : null;

    private static string? Product(NodeProto node, GraphIndex index) =>
        index.StoredFloats(node, 1) is null || !index.IsActivation(node, 0) ? "its weights are not stored 32-bit floats"
        : HasForeignBias(node, index) || (index.StoredFloats(node, 2) is { } bias && bias.Dims.Count != 1) ? "its bias is not a stored vector of 32-bit floats"
        : NodeAttributes.Int(node, "transA", 0) != 0 ? "it transposes its activation"
        : node.Attribute.Any(attribute => attribute.Name is "alpha" or "beta" && attribute.F != 1) ? "it scales its product or bias"
        : null;

    private static bool HasForeignBias(NodeProto node, GraphIndex index) => node.Input.Count > 2 && node.Input[2].Length > 0 && index.StoredFloats(node, 2) is null;
}
