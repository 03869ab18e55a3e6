using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Removes stored tensors that nothing reads.</summary>
public sealed class UnusedInitializerRemoval : IOnnxPass
{
    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxChecker.ThrowIfInvalid(model);
        GraphProto graph = model.Proto.Graph;
        // What a nested graph reads from outside is not followed, so a model that has one is left alone.
        if (graph.Node.Any(node => node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0)))
            return 0;
        var read = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)).ToHashSet(StringComparer.Ordinal);
        TensorProto[] used = [.. graph.Initializer.Where(tensor => read.Contains(tensor.Name))];
        int removed = graph.Initializer.Count - used.Length;
        graph.Initializer.Clear();
        graph.Initializer.AddRange(used);
        return removed;
    }
}
