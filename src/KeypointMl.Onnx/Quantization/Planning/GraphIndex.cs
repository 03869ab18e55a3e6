using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Finds who makes and who reads a value.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, TensorProto> _stored;
    private readonly Dictionary<string, NodeProto> _makers;
    private readonly ILookup<string, NodeProto> _readers;
    private readonly HashSet<string> _outputs;

    public GraphIndex(GraphProto graph)
    {
        Graph = graph;
        // A stored tensor that is an input as well is a default, which the caller may replace.
        var fed = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        _stored = graph.Initializer.Where(tensor => !fed.Contains(tensor.Name)).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _makers = graph.Node.SelectMany(node => node.Output.Where(name => name.Length > 0).Select(name => (name, node))).ToDictionary(pair => pair.name, pair => pair.node, StringComparer.Ordinal);
        _readers = graph.Node.SelectMany(node => node.Input.Distinct().Select(name => (name, node))).ToLookup(pair => pair.name, pair => pair.node, StringComparer.Ordinal);
        _outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
    }

    public GraphProto Graph { get; }

    /// <summary>A name for messages and patterns.</summary>
    public static string NameOf(NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output[0];

    /// <summary>The node that makes a value; null for inputs and stored tensors.</summary>
    public NodeProto? Maker(string name) => _makers.GetValueOrDefault(name);

    /// <summary>The nodes that read a value.</summary>
    public IEnumerable<NodeProto> Readers(string name) => _readers[name];

    /// <summary>Whether the graph gives the value to its caller.</summary>
    public bool IsOutput(string name) => _outputs.Contains(name);

    /// <summary>A stored tensor of 32-bit floats that an input of a node names; null if it is left out or something else.</summary>
    public TensorProto? StoredFloats(NodeProto node, int input) =>
        input < node.Input.Count && _stored.TryGetValue(node.Input[input], out TensorProto? tensor) && tensor.DataType == (int)OnnxElementType.Float ? tensor : null;

    /// <summary>Whether the input of a node is computed or fed, not stored and not left out.</summary>
    public bool IsActivation(NodeProto node, int input) => node.Input[input].Length > 0 && !_stored.ContainsKey(node.Input[input]);
}
