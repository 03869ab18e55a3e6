using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Checking;

/// <summary>Says why a node cannot read a value yet: nothing makes it, a later node does, or the two wait for one another.</summary>
internal sealed class NodeOrder
{
    // More names of a long cycle tell a reader nothing.
    private const int MaxShown = 8;

    private readonly IList<NodeProto> nodes;
    private readonly Dictionary<string, int> makers = new(StringComparer.Ordinal);

    /// <summary>Looks up who makes what.</summary>
    public NodeOrder(IList<NodeProto> nodes)
    {
        this.nodes = nodes;
        for (int index = 0; index < nodes.Count; index++)
        {
            foreach (string output in nodes[index].Output)
                makers.TryAdd(output, index);
        }
    }

    /// <summary>The rest of the sentence "node … reads the value, …".</summary>
    public string WhyMissing(int reader, string value)
    {
        if (!makers.TryGetValue(value, out int maker))
            return "which no input, initializer or node makes";
        if (PathBack(reader, maker) is not { } path)
        {
            return $"which {ModelWalk.Describe(nodes[maker], maker)} makes, but only later: "
                + "put the nodes in the order in which they can run";
        }
        string shown = string.Join(" → ", path.Take(MaxShown).Select(index => $"'{Name(index)}'"));
        return $"which depends on it: a cycle of {path.Count} nodes, {shown}{(path.Count > MaxShown ? " → …" : "")} → '{Name(path[0])}'";
    }

    // The nodes from the reader to the maker of what it reads, each read by the next; null where the maker does not depend on the reader.
    private List<int>? PathBack(int reader, int maker)
    {
        var from = new Dictionary<int, int> { [maker] = -1 };
        var waiting = new Queue<int>([maker]);
        while (waiting.TryDequeue(out int node))
        {
            if (node == reader)
            {
                var path = new List<int>();
                for (int step = reader; step >= 0; step = from[step])
                    path.Add(step);
                return path;
            }
            foreach (string input in Reads(nodes[node]))
            {
                if (makers.TryGetValue(input, out int source) && from.TryAdd(source, node))
                    waiting.Enqueue(source);
            }
        }
        return null;
    }

    // With what the graphs inside it read; names of their own match no maker here.
    private static IEnumerable<string> Reads(NodeProto node)
    {
        var waiting = new Stack<NodeProto>([node]);
        while (waiting.TryPop(out NodeProto? next))
        {
            foreach (string input in next.Input)
                yield return input;
            foreach (NodeProto inner in next.Attribute.SelectMany(ModelWalk.GraphsOf).SelectMany(graph => graph.Node))
                waiting.Push(inner);
        }
    }

    private string Name(int index) => PrintableText.Shorten(nodes[index].Name.Length > 0 ? nodes[index].Name : $"node {index}");
}
