using System.Runtime.InteropServices;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Building;

/// <summary>
/// Builds the graph of an ONNX model: inputs, initializers, nodes and outputs, under names that it keeps unique. Nodes
/// are added in an order in which they can run. The result is checked by <see cref="OnnxChecker"/>.
/// </summary>
public sealed class OnnxGraphBuilder
{
    private readonly GraphProto graph;
    private readonly TakenNames values = new();
    private readonly TakenNames nodes = new();
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private readonly StoredConstants stored;

    /// <summary>Starts an empty graph.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="opset">The version of the standard operators; 17 to 21.</param>
    /// <exception cref="ArgumentOutOfRangeException">The opset is not one of those.</exception>
    public OnnxGraphBuilder(string name = "graph", int opset = 17)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (opset is < 17 or > 21)
            throw new ArgumentOutOfRangeException(nameof(opset), opset, "The opset must be 17 to 21.");
        graph = new GraphProto { Name = name };
        stored = new StoredConstants(graph, values);
        Opset = opset;
    }

    /// <summary>The version of the standard operators.</summary>
    public int Opset { get; }

    /// <summary>Declares an input.</summary>
    /// <param name="name">Its name, not used yet.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="dimensions">Its shape; text names a size that the caller chooses, as in <c>"N"</c>.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public string AddInput(string name, OnnxElementType type, params ReadOnlySpan<OnnxDimension> dimensions)
    {
        ReserveName(name);
        graph.Input.Add(new OnnxValueInfo(name, type, [.. dimensions]).ToProto());
        return name;
    }

    /// <summary>Declares that a value is an output of the graph.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="dimensions">Its shape.</param>
    public void AddOutput(string name, OnnxElementType type, params ReadOnlySpan<OnnxDimension> dimensions) =>
        graph.Output.Add(new OnnxValueInfo(name, type, [.. dimensions]).ToProto());

    /// <summary>Records the type and shape of an inner value, for tools that read the graph.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="dimensions">Its shape.</param>
    public void AddValueInfo(string name, OnnxElementType type, params ReadOnlySpan<OnnxDimension> dimensions) =>
        graph.ValueInfo.Add(new OnnxValueInfo(name, type, [.. dimensions]).ToProto());

    /// <summary>Stores a tensor, such as a weight.</summary>
    /// <typeparam name="T">The .NET type of an element.</typeparam>
    /// <param name="name">The name wished for; a number is appended if it is taken.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="dimensions">The shape; empty for a scalar.</param>
    /// <returns>The name given.</returns>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public string AddInitializer<T>(string name, ReadOnlySpan<T> data, params ReadOnlySpan<long> dimensions)
        where T : unmanaged => AddInitializer(name, OnnxElementTypes.Of<T>(), MemoryMarshal.AsBytes(data), dimensions);

    /// <summary>Stores a tensor given as bytes, for element types that .NET lacks.</summary>
    /// <param name="name">The name wished for; a number is appended if it is taken.</param>
    /// <param name="type">The element type.</param>
    /// <param name="data">The elements in row-major order, little-endian.</param>
    /// <param name="dimensions">The shape; empty for a scalar.</param>
    /// <returns>The name given.</returns>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public string AddInitializer(string name, OnnxElementType type, ReadOnlySpan<byte> data, params ReadOnlySpan<long> dimensions) =>
        stored.Add(name, type, data, dimensions);

    /// <summary>
    /// Stores a tensor without copying it, as for large weights that passes will rewrite anyhow. The memory must stay
    /// as it is until <see cref="OnnxModel.OwnData"/> has copied what is left of it, or for as long as the model is
    /// used.
    /// </summary>
    /// <param name="name">The name wished for; a number is appended if it is taken.</param>
    /// <param name="type">The element type.</param>
    /// <param name="data">
    /// The elements in row-major order, little-endian, in memory outside of .NET's arrays (a
    /// <see cref="System.Buffers.MemoryManager{T}"/>'s).
    /// </param>
    /// <param name="dimensions">The shape; empty for a scalar.</param>
    /// <returns>The name given.</returns>
    /// <exception cref="ArgumentException">The shape does not hold as many elements, or the memory is an array's.</exception>
    public string AddSharedInitializer(string name, OnnxElementType type, ReadOnlyMemory<byte> data, params ReadOnlySpan<long> dimensions) =>
        stored.AddShared(name, type, data, dimensions);

    /// <summary>
    /// Stores a small constant, or gives the name under which an equal one (same type, shape and bytes) is already
    /// stored.
    /// </summary>
    /// <typeparam name="T">The .NET type of an element.</typeparam>
    /// <param name="name">The name wished for if it is new.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="dimensions">The shape; empty for a scalar.</param>
    /// <returns>The constant's name.</returns>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public string AddConstant<T>(string name, ReadOnlySpan<T> data, params ReadOnlySpan<long> dimensions)
        where T : unmanaged => AddConstant(name, OnnxElementTypes.Of<T>(), MemoryMarshal.AsBytes(data), dimensions);

    /// <summary>
    /// Stores a constant given as bytes, or gives the name under which an equal one (same type, shape and bytes) is
    /// already stored.
    /// </summary>
    /// <param name="name">The name wished for if it is new.</param>
    /// <param name="type">The element type.</param>
    /// <param name="data">The elements in row-major order, little-endian.</param>
    /// <param name="dimensions">The shape; empty for a scalar.</param>
    /// <returns>The constant's name.</returns>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public string AddConstant(string name, OnnxElementType type, ReadOnlySpan<byte> data, params ReadOnlySpan<long> dimensions) =>
        stored.AddOnce(name, type, data, dimensions);

    /// <summary>Adds a node with one output.</summary>
    /// <param name="name">The name wished for, for the node and its output; a number is appended if it is taken.</param>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">Names of the values it reads; an empty name leaves an optional input out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The output's name.</returns>
    public string AddNode(string name, string opType, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        AddNode(name, opType, inputs, outputCount: 1, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <param name="name">
    /// The name wished for, for the node and (with <c>.0</c>, <c>.1</c>… where there are several) its outputs; a number
    /// is appended if it is taken.
    /// </param>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">Names of the values it reads; an empty name leaves an optional input out.</param>
    /// <param name="outputCount">How many outputs it makes, at least 1.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The outputs' names.</returns>
    public string[] AddNode(
        string name, string opType, ReadOnlySpan<string> inputs, int outputCount, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(opType);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputCount, 1);
        var node = new NodeProto { OpType = opType, Name = nodes.TakeLike(name) };
        node.Input.AddRange(inputs.ToArray());
        for (int index = 0; index < outputCount; index++)
            node.Output.Add(UniqueName(outputCount == 1 ? node.Name : $"{node.Name}.{index}"));
        foreach (OnnxAttribute attribute in attributes)
            node.Attribute.Add(attribute.ToProto());
        graph.Node.Add(node);
        made.UnionWith(node.Output);
        return [.. node.Output];
    }

    /// <summary>Takes a name for a value that will be added later (see <see cref="RenameValue"/>), so that nothing else gets it.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void ReserveName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!values.Take(name))
        {
            throw new ArgumentException(
                $"The graph already has a value named '{name}'; names of inputs, outputs and inner values must differ.", nameof(name));
        }
    }

    /// <summary>Takes a name that no value has yet.</summary>
    /// <param name="hint">The name wished for; a number is appended if it is taken.</param>
    /// <returns>The name given.</returns>
    public string UniqueName(string hint)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(hint);
        return values.TakeLike(hint);
    }

    /// <summary>Renames a value made by a node, wherever it is used.</summary>
    /// <param name="from">Its present name.</param>
    /// <param name="to">A name that <see cref="ReserveName"/> took.</param>
    /// <exception cref="ArgumentException">No node makes the value, or the new name was not reserved.</exception>
    public void RenameValue(string from, string to)
    {
        if (!values.Contains(to))
            throw new ArgumentException($"'{to}' was not reserved for a value.", nameof(to));
        if (!IsMadeByNode(from))
            throw new ArgumentException($"No node makes a value named '{from}'.", nameof(from));
        foreach (NodeProto node in graph.Node)
        {
            Replace(node.Input, from, to);
            Replace(node.Output, from, to);
        }
        foreach (ValueInfoProto info in graph.ValueInfo.Concat(graph.Output).Where(info => info.Name == from))
            info.Name = to;
        made.Remove(from);
        made.Add(to);
    }

    /// <summary>Whether a value is the output of a node (and not an input or an initializer).</summary>
    /// <param name="name">The value's name.</param>
    public bool IsMadeByNode(string name) => made.Contains(name);

    /// <summary>Finishes the graph and checks it.</summary>
    /// <param name="producerName">The tool that made the model.</param>
    /// <param name="producerVersion">Its version.</param>
    /// <returns>The model. The builder must not be used afterwards.</returns>
    /// <exception cref="OnnxException">The graph breaks a rule of the ONNX specification.</exception>
    public OnnxModel Build(string producerName = "KeypointMl.Onnx", string producerVersion = "")
    {
        var outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        ValueInfoProto[] inner = [.. graph.ValueInfo.Where(info => !outputs.Contains(info.Name))];
        graph.ValueInfo.Clear();
        graph.ValueInfo.AddRange(inner);
        // The file-format version that came with each opset: https://github.com/onnx/onnx/blob/main/docs/Versioning.md
        int irVersion = Opset switch { <= 18 => 8, <= 20 => 9, _ => 10 };
        var proto = new ModelProto
        {
            IrVersion = irVersion,
            ProducerName = producerName,
            ProducerVersion = producerVersion,
            Graph = graph,
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        var model = new OnnxModel(proto);
        OnnxChecker.ThrowIfInvalid(model);
        return model;
    }

    private static void Replace(Google.Protobuf.Collections.RepeatedField<string> names, string from, string to)
    {
        for (int index = 0; index < names.Count; index++)
        {
            if (names[index] == from)
                names[index] = to;
        }
    }
}
