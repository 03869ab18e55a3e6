using System.Runtime.InteropServices;
using Google.Protobuf;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// Writes a plan into a graph in QDQ form: the operators stay, and QuantizeLinear and DequantizeLinear around them say which numbers are integers
/// (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html). A runtime fuses them into integer kernels, or computes the same in floats.
/// </summary>
internal sealed class QdqWriter
{
    private readonly GraphProto _graph;
    private readonly Dictionary<string, TensorProto> _stored;
    private readonly HashSet<string> _names;
    private readonly List<NodeProto> _nodes = [];

    private QdqWriter(GraphProto graph)
    {
        _graph = graph;
        _stored = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _names = [.. graph.Input.Select(input => input.Name), .. _stored.Keys, .. graph.Node.SelectMany(node => node.Output), .. graph.Node.Select(node => node.Name)];
    }

    /// <summary>Quantises a copy of a model.</summary>
    /// <param name="model">The model; unchanged.</param>
    /// <param name="plan">What to quantise, in terms of the model's own nodes.</param>
    /// <param name="parameters">Scale and zero point of each of the plan's activations.</param>
    public static OnnxModel Write(OnnxModel model, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        OnnxModel copy = model.Clone();
        Dictionary<NodeProto, int> positions = model.Proto.Graph.Node.Select((node, position) => (node, position)).ToDictionary(pair => pair.node, pair => pair.position);
        new QdqWriter(copy.Proto.Graph).Write(plan, positions, parameters);
        new UnusedInitializerRemoval().Apply(copy);
        OnnxChecker.ThrowIfInvalid(copy);
        return copy;
    }

    private void Write(QuantizationPlan plan, Dictionary<NodeProto, int> positions, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        Dictionary<int, QuantizedUnit> units = plan.Units.ToDictionary(unit => positions[unit.Node]);
        HashSet<int> dropped = [.. plan.Units.Where(unit => unit.Rectifier is not null).Select(unit => positions[unit.Rectifier!])];
        // A unit's result exists as integers alone; what a float node makes, or the caller feeds, stays readable as floats beside them.
        var made = plan.Units.Select(unit => unit.Output).ToHashSet(StringComparer.Ordinal);
        var aside = new Dictionary<string, string>(StringComparer.Ordinal);

        NodeProto[] nodes = [.. _graph.Node];
        foreach (string input in _graph.Input.Select(input => input.Name).Where(parameters.ContainsKey))
            aside[input] = AddPair(input, input, Unique($"{input}/dequantized"), parameters[input]);
        for (int position = 0; position < nodes.Length; position++)
        {
            NodeProto node = nodes[position];
            if (dropped.Contains(position))
                continue;
            if (units.TryGetValue(position, out QuantizedUnit? unit))
            {
                QuantizationParameters input = parameters[node.Input[0]];
                for (int index = 0; index < node.Input.Count; index++)
                    node.Input[index] = aside.GetValueOrDefault(node.Input[index], node.Input[index]);
                if (unit.Kind == UnitKind.Weighted)
                    AddWeights(node, input.Scale);
                Forget(node.Output[0], unit.Output);
                node.Output[0] = Unique($"{unit.Output}/float");
                _nodes.Add(node);
                AddPair(unit.Output, node.Output[0], unit.Output, parameters[unit.Output]);
                continue;
            }
            _nodes.Add(node);
            foreach (string output in node.Output.Where(output => parameters.ContainsKey(output) && !made.Contains(output)))
                aside[output] = AddPair(output, output, Unique($"{output}/dequantized"), parameters[output]);
        }
        _graph.Node.Clear();
        _graph.Node.AddRange(_nodes);
    }

    // The value between a node and its rectifier is gone.
    private void Forget(string made, string kept)
    {
        if (made == kept)
            return;
        foreach (ValueInfoProto info in _graph.ValueInfo.Where(info => info.Name == made).ToArray())
            _graph.ValueInfo.Remove(info);
    }

    private string AddPair(string tensor, string from, string to, QuantizationParameters parameters)
    {
        string scale = Store($"{tensor}/scale", OnnxElementType.Float, MemoryMarshal.AsBytes<float>([parameters.Scale]), []);
        string zeroPoint = Store($"{tensor}/zero_point", parameters.ElementType, [parameters.ZeroPointByte], []);
        string quantized = Unique($"{tensor}/quantized");
        AddNode("QuantizeLinear", $"{tensor}/QuantizeLinear", [from, scale, zeroPoint], quantized, null);
        AddNode("DequantizeLinear", $"{tensor}/DequantizeLinear", [quantized, scale, zeroPoint], to, null);
        return to;
    }

    private void AddWeights(NodeProto node, float inputScale)
    {
        TensorProto weight = _stored[node.Input[1]];
        int axis = node.OpType switch
        {
            "Conv" => 0,
            "Gemm" when NodeAttributes.Int(node, "transB", 0) != 0 => 0,
            _ => 1,
        };
        TensorProto? bias = node.Input.Count > 2 && node.Input[2].Length > 0 ? _stored[node.Input[2]] : null;
        float[] biases = bias is null ? [] : TensorData.Floats(bias).ToArray();
        if (bias is not null && biases.Length == 1)
            biases = [.. Enumerable.Repeat(biases[0], (int)weight.Dims[axis])];
        var quantized = QuantizedWeights.Of(TensorData.Floats(weight).ToArray(), weight.Dims, axis, biases, inputScale);
        node.Input[1] = AddConstant(weight.Name, OnnxElementType.Int8, MemoryMarshal.AsBytes<sbyte>(quantized.Values), weight.Dims, quantized.Scales, axis);
        if (bias is not null)
            node.Input[2] = AddConstant(bias.Name, OnnxElementType.Int32, MemoryMarshal.AsBytes<int>(quantized.Bias), [biases.Length], quantized.BiasScales, axis: 0);
    }

    private string AddConstant(string name, OnnxElementType type, ReadOnlySpan<byte> data, IEnumerable<long> dims, float[] scales, int axis)
    {
        string values = Store($"{name}/quantized", type, data, dims);
        string scale = Store($"{name}/scale", OnnxElementType.Float, MemoryMarshal.AsBytes<float>(scales), [scales.Length]);
        string zeroPoint = Store($"{name}/zero_point", type, new byte[scales.Length * type.SizeInBytes()], [scales.Length]);
        string output = Unique($"{name}/dequantized");
        AddNode("DequantizeLinear", $"{name}/DequantizeLinear", [values, scale, zeroPoint], output, OnnxAttribute.Int("axis", axis));
        return output;
    }

    private void AddNode(string opType, string name, string[] inputs, string output, OnnxAttribute? attribute)
    {
        var node = new NodeProto { OpType = opType, Name = Unique(name), Input = { inputs }, Output = { output } };
        if (attribute is not null)
            node.Attribute.Add(attribute.ToProto());
        _nodes.Add(node);
    }

    private string Store(string name, OnnxElementType type, ReadOnlySpan<byte> data, IEnumerable<long> dims)
    {
        var tensor = new TensorProto { Name = Unique(name), DataType = (int)type, RawData = ByteString.CopyFrom(data), Dims = { dims } };
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Unique(string hint)
    {
        string name = hint;
        for (int number = 1; !_names.Add(name); number++)
            name = $"{hint}_{number}";
        return name;
    }
}
