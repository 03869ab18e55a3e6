using System.Collections.Frozen;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// Finds out the element types of a graph's values, node by node: by the rules of the standard operators, and else from what the file states. What cannot be found out is left out.
/// </summary>
internal static class TypeInference
{
    // Operators whose first output, and every output of Split, has the type of their first input.
    private static readonly FrozenSet<string> _keeping = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs", "Add", "AveragePool", "BatchNormalization", "Celu", "Ceil", "Clip", "Concat", "Conv", "ConvTranspose", "Cos", "CumSum", "DepthToSpace", "Div", "Dropout", "Einsum", "Elu", "Erf", "Exp", "Expand",
        "Flatten", "Floor", "Gather", "GatherElements", "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "GridSample", "GroupNormalization", "GRU", "HardSigmoid", "HardSwish", "Identity",
        "InstanceNormalization", "LayerNormalization", "LeakyRelu", "Log", "LogSoftmax", "LpPool", "LRN", "LSTM", "MatMul", "Max", "MaxPool", "Mean", "Min", "Mish", "Mul", "Neg", "Pad", "Pow", "PRelu", "Range",
        "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Resize", "RNN", "Round",
        "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Slice", "Softmax", "Softplus", "Softsign", "SpaceToDepth", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tanh", "ThresholdedRelu", "Tile", "TopK", "Transpose",
        "Unsqueeze", "Upsample");

    private static readonly FrozenSet<string> _asking = FrozenSet.Create(
        StringComparer.Ordinal, "And", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "Xor");

    /// <summary>Infers the types.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The known types by value name.</returns>
    public static IReadOnlyDictionary<string, OnnxElementType> Run(GraphProto graph)
    {
        var types = new Dictionary<string, OnnxElementType>(StringComparer.Ordinal);
        Dictionary<string, OnnxElementType> stated = graph.ValueInfo.Concat(graph.Output).Select(OnnxValueInfo.From)
            .DistinctBy(info => info.Name).ToDictionary(info => info.Name, info => info.ElementType, StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
            types[tensor.Name] = (OnnxElementType)tensor.DataType;
        foreach (OnnxValueInfo input in graph.Input.Select(OnnxValueInfo.From))
            types[input.Name] = input.ElementType;
        foreach (NodeProto node in graph.Node)
        {
            for (int output = 0; output < node.Output.Count; output++)
            {
                OnnxElementType type = GraphEdits.IsStandard(node) ? Of(node, output, types) : OnnxElementType.Undefined;
                if (type == OnnxElementType.Undefined)
                    type = stated.GetValueOrDefault(node.Output[output]);
                if (type != OnnxElementType.Undefined && node.Output[output].Length > 0)
                    types[node.Output[output]] = type;
            }
        }
        return types;
    }

    private static OnnxElementType Of(NodeProto node, int output, Dictionary<string, OnnxElementType> types)
    {
        if (output > 0 && node.OpType != "Split")
            return OnnxElementType.Undefined;
        if (_keeping.Contains(node.OpType))
            return Input(0);
        if (_asking.Contains(node.OpType))
            return OnnxElementType.Bool;
        return node.OpType switch
        {
            "Cast" => (OnnxElementType)NodeAttributes.Int(node, "to", 0),
            "CastLike" or "Where" => Input(1),
            "Shape" or "Size" or "ArgMax" or "ArgMin" or "NonZero" => OnnxElementType.Int64,
            "ConstantOfShape" => (OnnxElementType)(NodeAttributes.Tensor(node, "value")?.DataType ?? (int)OnnxElementType.Float),
            "Constant" when NodeAttributes.Tensor(node, "value") is { } tensor => (OnnxElementType)tensor.DataType,
            "Constant" when node.Attribute is [{ Name: "value_float" or "value_floats" }] => OnnxElementType.Float,
            "Constant" when node.Attribute is [{ Name: "value_int" or "value_ints" }] => OnnxElementType.Int64,
            "DequantizeLinear" when NodeAttributes.Int(node, "output_dtype", 0) == 0 => Input(1),
            "QuantizeLinear" when node.Input.Count > 2 && node.Input[2].Length > 0 => Input(2),
            _ => OnnxElementType.Undefined,
        };

        OnnxElementType Input(int index) => index < node.Input.Count ? types.GetValueOrDefault(node.Input[index]) : OnnxElementType.Undefined;
    }
}
