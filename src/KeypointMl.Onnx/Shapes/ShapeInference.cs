using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// Finds out the shapes of a graph's values, node by node: from the inputs and stored tensors by the rules of the operators known to <see cref="ShapeRules"/>, and else from
/// what the file states. What cannot be found out is left out.
/// </summary>
internal sealed class ShapeInference
{
    private readonly Dictionary<string, ImmutableArray<OnnxDimension>> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _stored;
    private readonly IReadOnlyDictionary<string, long> _sizes;

    private ShapeInference(GraphProto graph, IReadOnlyDictionary<string, long> sizes)
    {
        _sizes = sizes;
        _stored = graph.Initializer.DistinctBy(tensor => tensor.Name).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>Infers the shapes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sizes">Values for named open sizes.</param>
    /// <returns>The known shapes by value name.</returns>
    public static IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> Run(GraphProto graph, IReadOnlyDictionary<string, long> sizes)
    {
        var inference = new ShapeInference(graph, sizes);
        inference.Infer(graph);
        return inference._shapes;
    }

    /// <summary>The shape of an input of a node; default if not known or left out.</summary>
    public ImmutableArray<OnnxDimension> Input(NodeProto node, int index) =>
        index < node.Input.Count && _shapes.TryGetValue(node.Input[index], out ImmutableArray<OnnxDimension> shape) ? shape : default;

    /// <summary>The elements of an input of a node that is a stored tensor of 64-bit integers; null if it is not.</summary>
    public long[]? Constant(NodeProto node, int index)
    {
        if (index >= node.Input.Count || !_stored.TryGetValue(node.Input[index], out TensorProto? tensor) || tensor.DataType != (int)OnnxElementType.Int64)
            return null;
        return TensorData.Longs(tensor).ToArray();
    }

    /// <summary>The elements of an input of a node that is a stored tensor of 32-bit floats; null if it is not.</summary>
    public float[]? Factors(NodeProto node, int index) =>
        index < node.Input.Count && _stored.TryGetValue(node.Input[index], out TensorProto? tensor) && tensor.DataType == (int)OnnxElementType.Float ? TensorData.Floats(tensor).ToArray() : null;

    private void Infer(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer)
            _shapes[tensor.Name] = [.. tensor.Dims.Select(size => new OnnxDimension(size))];
        foreach (ValueInfoProto input in graph.Input)
            State(input);
        Dictionary<string, ValueInfoProto> stated = graph.ValueInfo.Concat(graph.Output).DistinctBy(info => info.Name).ToDictionary(info => info.Name, StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node.Where(node => node.Domain is "" or "ai.onnx"))
        {
            ImmutableArray<OnnxDimension> shape = Apply(node);
            for (int index = 0; index < node.Output.Count; index++)
            {
                // The rules speak of first outputs; Split's are alike.
                if (!shape.IsDefault && (index == 0 || node.OpType == "Split"))
                    _shapes[node.Output[index]] = shape;
                else if (stated.TryGetValue(node.Output[index], out ValueInfoProto? info))
                    State(info);
            }
        }
    }

    private ImmutableArray<OnnxDimension> Apply(NodeProto node)
    {
        try
        {
            return ShapeRules.Infer(node, this);
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            // The node contradicts its operator (a permutation too long, an axis that is not there), which is for the checker or the runtime to say.
            return default;
        }
    }

    private void State(ValueInfoProto info)
    {
        if (OnnxValueInfo.From(info) is { Dimensions: { IsDefault: false } dimensions })
            _shapes[info.Name] = [.. dimensions.Select(dimension => dimension.Symbol is { } symbol && _sizes.TryGetValue(symbol, out long size) ? size : dimension)];
    }
}
