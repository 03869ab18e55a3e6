using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// The signatures of standard operators (https://onnx.ai/onnx/operators/) from opset 17 on: those that this project's exporter, passes and quantiser emit, and
/// their close relatives. Operators that are not listed, and older opsets, are not checked.
/// </summary>
internal static class OnnxOperators
{
    private const int Latest = int.MaxValue;
    private const int Any = int.MaxValue;
    private const string Pooling = "auto_pad:s ceil_mode:i kernel_shape:I! pads:I strides:I";
    private const string Convolving = "auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I";
    private const string Recurrent = "activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i layout:i";
    private const string Resizing = "coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f mode:s nearest_mode:s";

    private static readonly Dictionary<string, OnnxOperatorSignature[]> _signatures = Table();

    /// <summary>Adds what is wrong with a node of a standard operator.</summary>
    public static void Check(NodeProto node, int opset, string where, List<string> problems)
    {
        if (opset < 17 || !_signatures.TryGetValue(node.OpType, out OnnxOperatorSignature[]? versions))
            return;
        if (versions.FirstOrDefault(version => version.Since <= opset && opset <= version.Until) is not { } signature)
        {
            problems.Add($"{where}: the operator exists from opset {versions[0].Since} on; the model has opset {opset}.");
            return;
        }
        if (node.Input.Count < signature.MinInputs || node.Input.Count > signature.MaxInputs)
            problems.Add($"{where} has {node.Input.Count} inputs; expected {signature.MinInputs} to {signature.MaxInputs}.");
        if (node.Input.Take(signature.MinInputs).Any(string.IsNullOrEmpty))
            problems.Add($"{where} leaves one of its first {signature.MinInputs} inputs out, which are required.");
        if (node.Output.Count < 1 || node.Output.Count > signature.MaxOutputs)
            problems.Add($"{where} has {node.Output.Count} outputs; expected 1 to {signature.MaxOutputs}.");
        CheckAttributes(node, signature, opset, where, problems);
    }

    private static void CheckAttributes(NodeProto node, OnnxOperatorSignature signature, int opset, string where, List<string> problems)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (!signature.Attributes.TryGetValue(attribute.Name, out AttributeProto.Types.AttributeType type))
                problems.Add($"{where} has attribute '{attribute.Name}', which the operator does not have in opset {opset}.");
            else if (type != attribute.Type)
                problems.Add($"{where}: attribute '{attribute.Name}' is of type {attribute.Type}; expected {type}.");
        }
        foreach (string missing in signature.Required.Where(name => node.Attribute.All(attribute => attribute.Name != name)))
            problems.Add($"{where} lacks its required attribute '{missing}'.");
        foreach (IGrouping<string, AttributeProto> twice in node.Attribute.GroupBy(attribute => attribute.Name).Where(group => group.Count() > 1))
            problems.Add($"{where} has attribute '{twice.Key}' {twice.Count()} times.");
    }

    private static Dictionary<string, OnnxOperatorSignature[]> Table()
    {
        var table = new Dictionary<string, OnnxOperatorSignature[]>(StringComparer.Ordinal);
        AddElementwise(table);
        AddLayers(table);
        AddShapes(table);
        AddReductions(table);
        return table;
    }

    private static void AddElementwise(Dictionary<string, OnnxOperatorSignature[]> table)
    {
        foreach (string name in (string[])["Add", "Sub", "Mul", "Div", "Pow", "PRelu", "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or"])
            Add(table, name, 2, 2);
        foreach (string name in (string[])["Relu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Abs", "Neg", "Erf", "Reciprocal", "Softplus", "Softsign", "HardSwish", "Identity", "Floor", "Ceil", "Round", "Sign", "Sin", "Cos", "Not"])
            Add(table, name, 1, 1);
        Add(table, "Max", 1, Any);
        Add(table, "Min", 1, Any);
        Add(table, "Clip", 1, 3);
        Add(table, "Where", 3, 3);
        Add(table, "LeakyRelu", 1, 1, "alpha:f");
        Add(table, "Elu", 1, 1, "alpha:f");
        Add(table, "Celu", 1, 1, "alpha:f");
        Add(table, "Selu", 1, 1, "alpha:f gamma:f");
        Add(table, "HardSigmoid", 1, 1, "alpha:f beta:f");
        Add(table, "ThresholdedRelu", 1, 1, "alpha:f");
        Add(table, "Shrink", 1, 1, "bias:f lambd:f");
        Add(table, "Softmax", 1, 1, "axis:i");
        Add(table, "LogSoftmax", 1, 1, "axis:i");
        table["Gelu"] = [OnnxOperatorSignature.Create(20, Latest, 1, 1, 1, "approximate:s")];
        table["Mish"] = [OnnxOperatorSignature.Create(18, Latest, 1, 1, 1, "")];
        table["Cast"] =
        [
            OnnxOperatorSignature.Create(17, 18, 1, 1, 1, "to:i!"),
            OnnxOperatorSignature.Create(19, Latest, 1, 1, 1, "saturate:i to:i! round_mode:s"),
        ];
        table["QuantizeLinear"] =
        [
            OnnxOperatorSignature.Create(17, 18, 2, 3, 1, "axis:i"),
            OnnxOperatorSignature.Create(19, 20, 2, 3, 1, "axis:i saturate:i"),
            OnnxOperatorSignature.Create(21, Latest, 2, 3, 1, "axis:i saturate:i block_size:i output_dtype:i precision:i"),
        ];
        table["DequantizeLinear"] =
        [
            OnnxOperatorSignature.Create(17, 20, 2, 3, 1, "axis:i"),
            OnnxOperatorSignature.Create(21, Latest, 2, 3, 1, "axis:i block_size:i output_dtype:i"),
        ];
    }

    private static void AddLayers(Dictionary<string, OnnxOperatorSignature[]> table)
    {
        Add(table, "Conv", 2, 3, Convolving);
        Add(table, "ConvTranspose", 2, 3, Convolving + " output_padding:I output_shape:I");
        Add(table, "Gemm", 2, 3, "alpha:f beta:f transA:i transB:i");
        Add(table, "MatMul", 2, 2);
        Add(table, "Einsum", 1, Any, "equation:s!");
        Add(table, "InstanceNormalization", 3, 3, "epsilon:f");
        Add(table, "LRN", 1, 1, "alpha:f beta:f bias:f size:i!");
        Add(table, "GlobalAveragePool", 1, 1);
        Add(table, "GlobalMaxPool", 1, 1);
        table["BatchNormalization"] = [OnnxOperatorSignature.Create(17, Latest, 5, 5, 3, "epsilon:f momentum:f training_mode:i")];
        table["LayerNormalization"] = [OnnxOperatorSignature.Create(17, Latest, 2, 3, 3, "axis:i epsilon:f stash_type:i")];
        table["GroupNormalization"] = [OnnxOperatorSignature.Create(18, Latest, 3, 3, 1, "epsilon:f num_groups:i! stash_type:i")];
        table["MaxPool"] = [OnnxOperatorSignature.Create(17, Latest, 1, 1, 2, Pooling + " dilations:I storage_order:i")];
        table["AveragePool"] =
        [
            OnnxOperatorSignature.Create(17, 18, 1, 1, 1, Pooling + " count_include_pad:i"),
            OnnxOperatorSignature.Create(19, Latest, 1, 1, 1, Pooling + " count_include_pad:i dilations:I"),
        ];
        table["LpPool"] =
        [
            OnnxOperatorSignature.Create(17, 17, 1, 1, 1, "auto_pad:s kernel_shape:I! p:i pads:I strides:I"),
            OnnxOperatorSignature.Create(18, Latest, 1, 1, 1, Pooling + " dilations:I p:i"),
        ];
        table["LSTM"] = [OnnxOperatorSignature.Create(17, Latest, 3, 8, 3, Recurrent + " input_forget:i")];
        table["GRU"] = [OnnxOperatorSignature.Create(17, Latest, 3, 6, 2, Recurrent + " linear_before_reset:i")];
        table["RNN"] = [OnnxOperatorSignature.Create(17, Latest, 3, 6, 2, Recurrent)];
    }

    private static void AddShapes(Dictionary<string, OnnxOperatorSignature[]> table)
    {
        Add(table, "Concat", 1, Any, "axis:i!");
        Add(table, "Flatten", 1, 1, "axis:i");
        Add(table, "Reshape", 2, 2, "allowzero:i");
        Add(table, "Transpose", 1, 1, "perm:I");
        Add(table, "Squeeze", 1, 2);
        Add(table, "Unsqueeze", 2, 2);
        Add(table, "Expand", 2, 2);
        Add(table, "Tile", 2, 2);
        Add(table, "Slice", 3, 5);
        Add(table, "Gather", 2, 2, "axis:i");
        Add(table, "Shape", 1, 1, "end:i start:i");
        Add(table, "ConstantOfShape", 1, 1, "value:t");
        Add(table, "DepthToSpace", 1, 1, "blocksize:i! mode:s");
        Add(table, "SpaceToDepth", 1, 1, "blocksize:i!");
        table["Split"] =
        [
            OnnxOperatorSignature.Create(17, 17, 1, 2, Any, "axis:i"),
            OnnxOperatorSignature.Create(18, Latest, 1, 2, Any, "axis:i num_outputs:i"),
        ];
        table["Pad"] =
        [
            OnnxOperatorSignature.Create(17, 17, 2, 3, 1, "mode:s"),
            OnnxOperatorSignature.Create(18, Latest, 2, 4, 1, "mode:s"),
        ];
        table["Resize"] =
        [
            OnnxOperatorSignature.Create(17, 17, 1, 4, 1, Resizing),
            OnnxOperatorSignature.Create(18, Latest, 1, 4, 1, Resizing + " antialias:i axes:I keep_aspect_ratio_policy:s"),
        ];
        table["GridSample"] =
        [
            OnnxOperatorSignature.Create(17, Latest, 2, 2, 1, "align_corners:i mode:s padding_mode:s"),
        ];
    }

    private static void AddReductions(Dictionary<string, OnnxOperatorSignature[]> table)
    {
        foreach (string name in (string[])["ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"])
        {
            table[name] =
            [
                OnnxOperatorSignature.Create(17, 17, 1, 1, 1, "axes:I keepdims:i"),
                OnnxOperatorSignature.Create(18, Latest, 1, 2, 1, "keepdims:i noop_with_empty_axes:i"),
            ];
        }
        Add(table, "ReduceSum", 1, 2, "keepdims:i noop_with_empty_axes:i");
        Add(table, "ArgMax", 1, 1, "axis:i keepdims:i select_last_index:i");
        Add(table, "ArgMin", 1, 1, "axis:i keepdims:i select_last_index:i");
        Add(table, "CumSum", 2, 2, "exclusive:i reverse:i");
        table["TopK"] = [OnnxOperatorSignature.Create(17, Latest, 2, 2, 2, "axis:i largest:i sorted:i")];
    }

    private static void Add(Dictionary<string, OnnxOperatorSignature[]> table, string name, int minInputs, int maxInputs, string attributes = "") =>
        table[name] = [OnnxOperatorSignature.Create(17, Latest, minInputs, maxInputs, 1, attributes)];
}
