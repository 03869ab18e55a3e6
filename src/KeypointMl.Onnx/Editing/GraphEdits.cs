using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Editing;

/// <summary>
/// A graph being changed by a pass: who makes and who reads each value, which tensors are constant, and edits that keep
/// these answers true. Edits of the list of nodes take effect in <see cref="Commit"/>, so that a pass over n nodes
/// costs O(n).
/// </summary>
internal sealed class GraphEdits
{
    private readonly GraphProto graph;
    private readonly StoredTensors stored;
    private readonly HashSet<string> outputs;
    private readonly HashSet<string> nestedReads = new(StringComparer.Ordinal);
    private readonly ValueUses uses = new();
    private readonly TakenNames taken = new();
    private readonly HashSet<string> forgotten = new(StringComparer.Ordinal);
    private readonly PendingNodes pending = new();

    /// <summary>Indexes a model's graph.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="OnnxException">The graph breaks a rule of ONNX.</exception>
    public GraphEdits(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxChecker.ThrowIfUnchangeable(model);
        graph = model.Proto.Graph;
        Opset = (int)model.Opset;
        stored = new StoredTensors(graph, model.IrVersion);
        outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        taken.TakeAll(graph.Input.Select(input => input.Name));
        taken.TakeAll(outputs);
        taken.TakeAll(graph.Initializer.Select(tensor => tensor.Name));
        foreach (NodeProto node in graph.Node)
        {
            taken.Take(node.Name);
            taken.TakeAll(NestedGraphs.Makes(node));
            nestedReads.UnionWith(NestedGraphs.Reads(node));
            Index(node);
        }
    }

    /// <summary>The version of the standard operators.</summary>
    public int Opset { get; }

    /// <summary>The graph; its list of nodes does not show edits before <see cref="Commit"/>.</summary>
    public GraphProto Graph => graph;

    /// <summary>Whether some stored tensor is the mere default of an input, so that a caller may feed another.</summary>
    public bool HasOverridableInitializers => stored.AnyIsOverridable;

    /// <summary>Whether a node is a standard operator of that name.</summary>
    public static bool Is(NodeProto node, string opType) => node.OpType == opType && IsStandard(node);

    /// <summary>Whether a node is a standard operator.</summary>
    public static bool IsStandard(NodeProto node) => node.Domain is "" or "ai.onnx";

    /// <summary>The nodes that were there at the start or at the last commit and are not removed, in order.</summary>
    public IEnumerable<NodeProto> Nodes() => pending.Kept(graph.Node);

    /// <summary>The node that makes a value; null for inputs and stored tensors.</summary>
    public NodeProto? Maker(string value) => uses.Maker(value);

    /// <summary>The nodes of this graph that read a value, one that reads it twice listed twice.</summary>
    public IReadOnlyList<NodeProto> Readers(string value) => uses.Readers(value);

    /// <summary>Whether a value is an input of the graph.</summary>
    public bool IsInput(string value) => stored.IsInput(value);

    /// <summary>Whether a value is an output of the graph.</summary>
    public bool IsOutput(string value) => outputs.Contains(value);

    /// <summary>Whether a graph inside a node reads a value.</summary>
    public bool IsReadInside(string value) => nestedReads.Contains(value);

    /// <summary>
    /// Whether nothing but the nodes of this graph refers to a value, so that its name may go or its content change
    /// with its readers.
    /// </summary>
    public bool IsFree(string value) => !outputs.Contains(value) && !nestedReads.Contains(value);

    /// <summary>
    /// The one place that reads a value; null if there are several or none, or if the graph's outputs or nested graphs
    /// refer to it.
    /// </summary>
    public NodeProto? SoleReader(string value) => IsFree(value) && Readers(value) is [var reader] ? reader : null;

    /// <summary>The stored tensor that a value always is; null if there is none, or if it is the mere default of an input.</summary>
    public TensorProto? Constant(string value) => stored.Constant(value);

    /// <summary>The stored tensor that an input of a node always is; null if it is not one or is left out.</summary>
    public TensorProto? Constant(NodeProto node, int input) => input < node.Input.Count ? Constant(node.Input[input]) : null;

    /// <summary>Takes a name that nothing has yet.</summary>
    public string UniqueName(string hint) => taken.TakeLike(hint);

    /// <summary>Stores a tensor under its name, which must be new or that of a value which no node makes any more.</summary>
    public void Store(TensorProto tensor)
    {
        stored.Add(tensor);
        taken.Take(tensor.Name);
    }

    /// <summary>Puts another tensor in the place of a stored one of the same name.</summary>
    public void Replace(TensorProto tensor)
    {
        stored.Replace(tensor);
        forgotten.Add(tensor.Name);
    }

    /// <summary>Lets an input of a node read another value; one past the last adds an input.</summary>
    public void SetInput(NodeProto node, int input, string value)
    {
        if (input < node.Input.Count)
        {
            uses.RemoveReader(node.Input[input], node);
            node.Input[input] = value;
        }
        else
        {
            node.Input.Add(value);
        }
        uses.AddReader(value, node);
    }

    /// <summary>Lets every node that reads one value read another.</summary>
    public void Redirect(string from, string to)
    {
        foreach (NodeProto reader in Readers(from).ToArray())
        {
            for (int input = 0; input < reader.Input.Count; input++)
            {
                if (reader.Input[input] == from)
                    SetInput(reader, input, to);
            }
        }
    }

    /// <summary>Renames what a node makes; readers are left as they are.</summary>
    public void RenameOutput(NodeProto node, int output, string name)
    {
        uses.RemoveMaker(node.Output[output]);
        forgotten.Add(node.Output[output]);
        node.Output[output] = name;
        uses.SetMaker(name, node);
        taken.Take(name);
    }

    /// <summary>Adds a node in front of one that is there.</summary>
    public void InsertBefore(NodeProto place, NodeProto node)
    {
        pending.Before(place, node);
        Index(node);
    }

    /// <summary>Adds a node behind one that is there.</summary>
    public void InsertAfter(NodeProto place, NodeProto node)
    {
        pending.After(place, node);
        Index(node);
    }

    /// <summary>Adds a node behind all others, such as one that makes an output of the graph.</summary>
    public void Append(NodeProto node)
    {
        pending.Last(node);
        Index(node);
    }

    /// <summary>Makes a node of one output, to be inserted; the output and the node share a new name.</summary>
    public NodeProto NewNode(string hint, string opType, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        string name = UniqueName(hint);
        var node = new NodeProto { Name = name, OpType = opType };
        node.Input.AddRange(inputs.ToArray());
        node.Output.Add(name);
        foreach (OnnxAttribute attribute in attributes)
            node.Attribute.Add(attribute.ToProto());
        return node;
    }

    /// <summary>Removes a node, and what was recorded of its outputs.</summary>
    public void Remove(NodeProto node)
    {
        pending.Remove(node);
        forgotten.UnionWith(uses.Remove(node));
    }

    /// <summary>Forgets what the file states of a value's type and shape, because it changed.</summary>
    public void Forget(string value) => forgotten.Add(value);

    /// <summary>Removes the stored tensors that nothing reads.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveUnusedInitializers()
    {
        string[] gone = stored.RemoveWhere(tensor => Readers(tensor.Name).Count == 0 && IsFree(tensor.Name));
        forgotten.UnionWith(gone);
        return gone.Length;
    }

    /// <summary>
    /// Writes the list of nodes with what was removed and added, and drops what the file states of values that changed
    /// or are gone.
    /// </summary>
    public void Commit()
    {
        if (pending.Any)
            graph.Node.Reset(pending.Apply(graph.Node));
        if (graph.ValueInfo.Any(info => forgotten.Contains(info.Name)))
            graph.ValueInfo.Reset([.. graph.ValueInfo.Where(info => !forgotten.Contains(info.Name))]);
        forgotten.Clear();
    }

    private void Index(NodeProto node)
    {
        uses.Add(node);
        taken.TakeAll(node.Output);
    }
}
