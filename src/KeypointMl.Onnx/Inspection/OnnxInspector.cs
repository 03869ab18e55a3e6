using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Says what is in a model without running it.</summary>
public static class OnnxInspector
{
    /// <summary>Summarises a model.</summary>
    /// <param name="model">The model; it may break rules, which the summary lists.</param>
    /// <param name="sizes">Values for named open sizes, such as <c>N</c>; those not given count as 1.</param>
    public static OnnxSummary Summarize(OnnxModel model, IReadOnlyDictionary<string, long>? sizes = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        GraphProto graph = model.Proto.Graph;
        var shapes = ShapeInference.Run(graph, sizes ?? ImmutableDictionary<string, long>.Empty);
        long multiplyAdds = 0;
        var uncounted = ImmutableArray.CreateBuilder<string>();
        foreach (NodeProto node in graph.Node.Where(MultiplyAddCounter.Counts))
        {
            if (MultiplyAddCounter.Count(node, shapes) is { } count)
                multiplyAdds += count;
            else
                uncounted.Add(node.Name.Length > 0 ? node.Name : node.OpType);
        }
        return new OnnxSummary
        {
            GraphName = model.GraphName,
            Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            IrVersion = model.IrVersion,
            Opset = model.Opset,
            SizeInBytes = model.Proto.CalculateSize(),
            Inputs = model.Inputs,
            Outputs = model.Outputs,
            Operators = graph.Node.CountBy(node => node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}.{node.OpType}").ToImmutableSortedDictionary(StringComparer.Ordinal),
            Parameters = model.Initializers.Where(tensor => tensor.ElementType != OnnxElementType.Int64).Sum(tensor => tensor.Count),
            MultiplyAdds = multiplyAdds,
            Uncounted = uncounted.ToImmutable(),
            Metadata = model.Metadata,
            Problems = [.. OnnxChecker.Check(model)],
        };
    }
}
