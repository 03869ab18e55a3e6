using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// Folds a BatchNormalization right behind a Conv or ConvTranspose into its weights: w ← w·s, b ← (b − μ)·s + β with s = γ/√(σ² + ε), computed in 64-bit floats. Left alone
/// are convolutions whose result is used elsewhere too, whose weights are shared with another node, or whose weights are not stored as 32-bit floats.
/// </summary>
public sealed class BatchNormFolding : IOnnxPass
{
    private const float DefaultEpsilon = 1e-5f;

    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxChecker.ThrowIfInvalid(model);
        GraphProto graph = model.Proto.Graph;
        Dictionary<string, TensorProto> stored = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Dictionary<string, NodeProto> makers = graph.Node.SelectMany(node => node.Output.Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);
        Dictionary<string, int> uses = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)).CountBy(name => name).ToDictionary(StringComparer.Ordinal);
        int folded = 0;
        foreach (NodeProto norm in graph.Node.Where(node => node.OpType == "BatchNormalization" && node.Output.Count == 1).ToArray())
        {
            if (!makers.TryGetValue(norm.Input[0], out NodeProto? conv) || conv.OpType is not ("Conv" or "ConvTranspose") || uses[norm.Input[0]] != 1)
                continue;
            if (!norm.Input.Skip(1).Concat(conv.Input.Skip(1)).All(name => stored.TryGetValue(name, out TensorProto? tensor) && tensor.DataType == (int)OnnxElementType.Float))
                continue;
            // A weight used twice would need a second copy.
            if (uses[conv.Input[1]] != 1)
                continue;
            Fold(graph, stored, conv, norm);
            makers[conv.Output[0]] = conv;
            folded++;
        }
        if (folded > 0)
            new UnusedInitializerRemoval().Apply(model);
        return folded;
    }

    private static void Fold(GraphProto graph, Dictionary<string, TensorProto> stored, NodeProto conv, NodeProto norm)
    {
        (float[] gamma, float[] beta, float[] mean, float[] variance) =
            (FloatTensor.Read(stored[norm.Input[1]]), FloatTensor.Read(stored[norm.Input[2]]), FloatTensor.Read(stored[norm.Input[3]]), FloatTensor.Read(stored[norm.Input[4]]));
        double epsilon = norm.Attribute.FirstOrDefault(attribute => attribute.Name == "epsilon")?.F ?? DefaultEpsilon;
        double[] scale = [.. gamma.Zip(variance, (factor, spread) => factor / Math.Sqrt(spread + epsilon))];

        TensorProto weight = stored[conv.Input[1]];
        float[] weights = FloatTensor.Read(weight);
        long group = conv.Attribute.FirstOrDefault(attribute => attribute.Name == "group")?.I ?? 1;
        for (long index = 0; index < weights.Length; index++)
            weights[index] = (float)(weights[index] * scale[OutputChannel(conv.OpType, weight, group, index)]);
        float[] bias = conv.Input.Count > 2 ? FloatTensor.Read(stored[conv.Input[2]]) : new float[scale.Length];
        for (int channel = 0; channel < bias.Length; channel++)
            bias[channel] = (float)(((bias[channel] - (double)mean[channel]) * scale[channel]) + beta[channel]);

        Replace(graph, stored, conv.Input[1], FloatTensor.Create(conv.Input[1], weights, weight.Dims));
        string biasName = UniqueName(stored, conv.Input[1] + ".folded_bias");
        var biasTensor = FloatTensor.Create(biasName, bias, [bias.Length]);
        graph.Initializer.Add(biasTensor);
        stored[biasName] = biasTensor;
        if (conv.Input.Count > 2)
            conv.Input[2] = biasName;
        else
            conv.Input.Add(biasName);
        ValueInfoProto[] gone = [.. graph.ValueInfo.Where(info => info.Name == conv.Output[0])];
        foreach (ValueInfoProto info in gone)
            graph.ValueInfo.Remove(info);
        conv.Output[0] = norm.Output[0];
        graph.Node.Remove(norm);
    }

    // Conv keeps its weights as [M, C/group, …], ConvTranspose as [C, M/group, …].
    private static long OutputChannel(string opType, TensorProto weight, long group, long index)
    {
        long inner = weight.Dims.Skip(2).Aggregate(1L, (product, size) => product * size);
        long first = index / (inner * weight.Dims[1]);
        if (opType == "Conv")
            return first;
        long second = index / inner % weight.Dims[1];
        return (first / (weight.Dims[0] / group) * weight.Dims[1]) + second;
    }

    private static void Replace(GraphProto graph, Dictionary<string, TensorProto> stored, string name, TensorProto tensor)
    {
        for (int index = 0; index < graph.Initializer.Count; index++)
        {
            if (graph.Initializer[index].Name == name)
                graph.Initializer[index] = tensor;
        }
        stored[name] = tensor;
    }

    private static string UniqueName(Dictionary<string, TensorProto> stored, string hint)
    {
        string name = hint;
        for (int number = 1; stored.ContainsKey(name); number++)
            name = $"{hint}_{number}";
        return name;
    }
}
