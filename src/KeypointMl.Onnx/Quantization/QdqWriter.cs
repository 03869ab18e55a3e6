using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Writes a plan into a graph in QDQ form: the operators stay, and QuantizeLinear and DequantizeLinear around them say
/// which numbers are integers (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html). A
/// runtime fuses them into integer kernels, or computes the same in floats.
/// </summary>
internal sealed class QdqWriter
{
    private readonly GraphEdits edits;
    private readonly IReadOnlyDictionary<string, QuantizationParameters> parameters;

    private QdqWriter(GraphEdits edits, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        this.edits = edits;
        this.parameters = parameters;
    }

    /// <summary>Quantises a copy of a model.</summary>
    /// <param name="model">The model; unchanged.</param>
    /// <param name="plan">What to quantise, in terms of the model's own nodes.</param>
    /// <param name="parameters">Scale and zero point of each of the plan's activations.</param>
    public static OnnxModel Write(OnnxModel model, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        OnnxModel copy = model.Clone();
        var edits = new GraphEdits(copy);
        var copies = new Dictionary<NodeProto, NodeProto>(ReferenceEqualityComparer.Instance);
        foreach ((NodeProto node, NodeProto twin) in model.Proto.Graph.Node.Zip(copy.Proto.Graph.Node))
            copies[node] = twin;
        new QdqWriter(edits, parameters).Write(plan, copies);
        edits.RemoveUnusedInitializers();
        edits.Commit();
        OnnxChecker.ThrowIfUnchangeable(copy);
        return copy;
    }

    private void Write(QuantizationPlan plan, Dictionary<NodeProto, NodeProto> copies)
    {
        var units = new Dictionary<NodeProto, QuantizedUnit>(ReferenceEqualityComparer.Instance);
        foreach (QuantizedUnit unit in plan.Units)
        {
            units[copies[unit.Node]] = unit;
            if (unit.Rectifier is not null)
                edits.Remove(copies[unit.Rectifier]);
        }
        // A unit's result exists as integers alone; what a float node makes, or the caller feeds, stays readable as floats beside them.
        var made = plan.Units.Select(unit => unit.Output).ToHashSet(StringComparer.Ordinal);
        var aside = new Dictionary<string, string>(StringComparer.Ordinal);

        NodeProto[] nodes = [.. edits.Nodes()];
        foreach (string input in parameters.Keys.Where(edits.IsInput))
            aside[input] = AddPairAside(input, nodes[0]);
        for (int position = 0; position < nodes.Length; position++)
        {
            NodeProto node = nodes[position];
            NodeProto? next = position + 1 < nodes.Length ? nodes[position + 1] : null;
            if (units.TryGetValue(node, out QuantizedUnit? unit))
            {
                Convert(node, unit, aside, next);
                continue;
            }
            foreach (string output in node.Output.Where(output => parameters.ContainsKey(output) && !made.Contains(output)))
                aside[output] = AddPairAside(output, next);
        }
    }

    private void Convert(NodeProto node, QuantizedUnit unit, Dictionary<string, string> aside, NodeProto? next)
    {
        float inputScale = parameters[node.Input[0]].Scale;
        for (int input = 0; input < node.Input.Count; input++)
        {
            if (aside.TryGetValue(node.Input[input], out string? dequantized))
                edits.SetInput(node, input, dequantized);
        }
        if (unit.Kind == UnitKind.Weighted)
            AddWeights(node, inputScale);
        string result = edits.UniqueName($"{unit.Output}/float");
        edits.RenameOutput(node, 0, result);
        AddPair(unit.Output, result, unit.Output, next);
    }

    private string AddPairAside(string tensor, NodeProto? next)
    {
        string dequantized = edits.UniqueName($"{tensor}/dequantized");
        AddPair(tensor, tensor, dequantized, next);
        return dequantized;
    }

    private void AddPair(string tensor, string from, string to, NodeProto? next)
    {
        QuantizationParameters parameters = this.parameters[tensor];
        string scale = Store(TensorData.Create<float>(edits.UniqueName($"{tensor}/scale"), [parameters.Scale]));
        string zeroPoint = Store(
            TensorData.Wrap(edits.UniqueName($"{tensor}/zero_point"), parameters.ElementType, new[] { parameters.ZeroPointByte }, []));
        string quantized = edits.UniqueName($"{tensor}/quantized");
        Add("QuantizeLinear", $"{tensor}/QuantizeLinear", [from, scale, zeroPoint], quantized, next);
        Add("DequantizeLinear", $"{tensor}/DequantizeLinear", [quantized, scale, zeroPoint], to, next);
    }

    private void AddWeights(NodeProto node, float inputScale)
    {
        TensorProto weight = edits.FloatConstant(node, 1)!;
        int axis = node.OpType switch
        {
            "Conv" => 0,
            "Gemm" when NodeAttributes.Int(node, "transB", 0) != 0 => 0,
            _ => 1,
        };
        int channels = (int)weight.Dims[axis];
        TensorProto? bias = edits.FloatConstant(node, 2);
        float[] biases = bias is null ? [] : TensorData.Floats(bias).ToArray();
        // Gemm adds a single number to every column.
        if (biases.Length == 1)
            biases = [.. Enumerable.Repeat(biases[0], channels)];
        var quantized = QuantizedWeights.Of(TensorData.Floats(weight), weight.Dims, axis, biases, inputScale);
        AddConstant(node, 1, TensorData.Create<sbyte>(edits.UniqueName($"{weight.Name}/quantized"), quantized.Values, weight.Dims),
            quantized.Scales, axis);
        if (bias is not null)
        {
            AddConstant(node, 2, TensorData.Create<int>(edits.UniqueName($"{bias.Name}/quantized"), quantized.Bias, channels),
                quantized.BiasScales, axis: 0);
        }
    }

    private void AddConstant(NodeProto node, int input, TensorProto values, float[] scales, int axis)
    {
        string name = node.Input[input];
        var type = (OnnxElementType)values.DataType;
        string scale = Store(TensorData.Create<float>(edits.UniqueName($"{name}/scale"), scales, scales.Length));
        string zeroPoint = Store(
            TensorData.Wrap(edits.UniqueName($"{name}/zero_point"), type, new byte[scales.Length * type.SizeInBytes()], [scales.Length]));
        string dequantized = edits.UniqueName($"{name}/dequantized");
        Add("DequantizeLinear", $"{name}/DequantizeLinear", [Store(values), scale, zeroPoint], dequantized, node,
            OnnxAttribute.Int("axis", axis));
        edits.SetInput(node, input, dequantized);
    }

    private string Store(TensorProto tensor)
    {
        edits.Store(tensor);
        return tensor.Name;
    }

    // In front of another node, or behind all where there is none.
    private void Add(string opType, string name, string[] inputs, string output, NodeProto? place, params OnnxAttribute[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = edits.UniqueName(name), Input = { inputs }, Output = { output } };
        node.Attribute.AddRange(attributes.Select(attribute => attribute.ToProto()));
        if (place is null)
            edits.Append(node);
        else
            edits.InsertBefore(place, node);
    }
}
