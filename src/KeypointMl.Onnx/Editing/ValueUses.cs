using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Editing;

/// <summary>Who makes and who reads each value of a graph.</summary>
internal sealed class ValueUses
{
    private readonly Dictionary<string, NodeProto> makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> readers = new(StringComparer.Ordinal);

    /// <summary>The node that makes a value; null where none does.</summary>
    public NodeProto? Maker(string value) => makers.GetValueOrDefault(value);

    /// <summary>The nodes that read a value, one that reads it twice listed twice.</summary>
    public IReadOnlyList<NodeProto> Readers(string value) => this.readers.TryGetValue(value, out List<NodeProto>? readers) ? readers : [];

    /// <summary>Adds a node with all that it reads and makes.</summary>
    public void Add(NodeProto node)
    {
        foreach (string input in node.Input)
            AddReader(input, node);
        foreach (string output in node.Output.Where(output => output.Length > 0))
            SetMaker(output, node);
    }

    /// <summary>Removes a node.</summary>
    /// <returns>The values that nobody makes any more.</returns>
    public IReadOnlyList<string> Remove(NodeProto node)
    {
        foreach (string input in node.Input)
            RemoveReader(input, node);
        string[] gone = [.. node.Output.Where(output => ReferenceEquals(Maker(output), node))];
        foreach (string output in gone)
            makers.Remove(output);
        return gone;
    }

    /// <summary>Notes that a node makes a value.</summary>
    public void SetMaker(string value, NodeProto node) => makers[value] = node;

    /// <summary>Notes that a node does not make a value any more.</summary>
    public void RemoveMaker(string value) => makers.Remove(value);

    /// <summary>Notes that a node reads a value, once more; an empty name is an input that is left out.</summary>
    public void AddReader(string value, NodeProto node)
    {
        if (value.Length == 0)
            return;
        if (!this.readers.TryGetValue(value, out List<NodeProto>? readers))
            this.readers[value] = readers = [];
        readers.Add(node);
    }

    /// <summary>Notes that a node reads a value once less.</summary>
    public void RemoveReader(string value, NodeProto node)
    {
        // Messages compare by content, and two nodes may be alike but for what they are.
        if (this.readers.TryGetValue(value, out List<NodeProto>? readers))
            readers.RemoveAt(readers.FindIndex(reader => ReferenceEquals(reader, node)));
    }
}
