using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Passes;

/// <summary>
/// Removes what no output of the graph needs: nodes none of whose results is read (by nodes that stay, by graphs inside
/// them, or as an output), then stored tensors that nothing reads, and statements of type and shape (<c>value_info</c>)
/// about values that no node makes. Inputs of the graph stay: they are its signature.
/// </summary>
public sealed class DeadNodeRemoval : IOnnxPass
{
    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        var edits = new GraphEdits(model);
        int removed = RemoveNodes(edits);
        edits.Commit();
        // The nodes that are gone may have held graphs, whose reads no longer count.
        if (removed > 0)
            edits = new GraphEdits(model);
        removed += edits.RemoveUnusedInitializers();
        ValueInfoProto[] stale = [.. edits.Graph.ValueInfo.Where(info => edits.Maker(info.Name) is null)];
        foreach (ValueInfoProto info in stale)
            edits.Forget(info.Name);
        edits.Commit();
        return removed + stale.Length;
    }

    private static int RemoveNodes(GraphEdits edits)
    {
        var read = edits.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        int removed = 0;
        // Readers come after makers, so that one walk from the end finds chains too.
        foreach (NodeProto node in edits.Nodes().Reverse().ToArray())
        {
            if (node.Output.Any(output => output.Length > 0 && read.Contains(output)))
            {
                read.UnionWith(node.Input);
                read.UnionWith(NestedGraphs.Reads(node));
            }
            else
            {
                edits.Remove(node);
                removed++;
            }
        }
        return removed;
    }
}

/// <summary>
/// Removes stored tensors that nothing reads, nested graphs included. The default of an input stays: it says what the
/// caller need not feed.
/// </summary>
public sealed class UnusedInitializerRemoval : IOnnxPass
{
    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        var edits = new GraphEdits(model);
        int removed = edits.RemoveUnusedInitializers();
        edits.Commit();
        return removed;
    }
}
