using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Editing;

/// <summary>Changes of a list of nodes that are made all at once, so that n of them cost O(n).</summary>
internal sealed class PendingNodes
{
    // Messages compare by content, and two nodes may be alike but for what they are.
    private readonly HashSet<NodeProto> removed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<NodeProto, List<NodeProto>> before = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<NodeProto, List<NodeProto>> after = new(ReferenceEqualityComparer.Instance);
    private readonly List<NodeProto> last = [];

    /// <summary>Whether there are any.</summary>
    public bool Any => removed.Count > 0 || before.Count > 0 || after.Count > 0 || last.Count > 0;

    /// <summary>Removes a node.</summary>
    public void Remove(NodeProto node) => removed.Add(node);

    /// <summary>Adds a node in front of one that is there.</summary>
    public void Before(NodeProto place, NodeProto node) => Insert(before, place, node);

    /// <summary>Adds a node behind one that is there.</summary>
    public void After(NodeProto place, NodeProto node) => Insert(after, place, node);

    /// <summary>Adds a node behind all others.</summary>
    public void Last(NodeProto node) => last.Add(node);

    /// <summary>Those of a list that are not removed.</summary>
    public IEnumerable<NodeProto> Kept(IEnumerable<NodeProto> nodes) => nodes.Where(node => !removed.Contains(node));

    /// <summary>The list as it is with the changes, which are forgotten.</summary>
    public NodeProto[] Apply(IEnumerable<NodeProto> nodes)
    {
        IEnumerable<NodeProto> inOrder = Kept(nodes)
            .SelectMany(node => before.GetValueOrDefault(node, []).Append(node).Concat(after.GetValueOrDefault(node, [])));
        NodeProto[] changed = [.. inOrder, .. last];
        removed.Clear();
        before.Clear();
        after.Clear();
        last.Clear();
        return changed;
    }

    private static void Insert(Dictionary<NodeProto, List<NodeProto>> beside, NodeProto place, NodeProto node)
    {
        if (!beside.TryGetValue(place, out List<NodeProto>? nodes))
            beside[place] = nodes = [];
        nodes.Add(node);
    }
}
