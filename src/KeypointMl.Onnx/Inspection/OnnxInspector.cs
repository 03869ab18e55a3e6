using System.Collections.Immutable;
using KeypointMl.Onnx.Checking;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Inspection;

/// <summary>Says what is in a model without running it.</summary>
public static class OnnxInspector
{
    /// <summary>Summarises a model.</summary>
    /// <param name="model">The model; it may break rules, which the summary lists.</param>
    /// <param name="sizes">Values for named open sizes, such as <c>N</c>; those not given count as 1.</param>
    public static OnnxSummary Summarize(OnnxModel model, IReadOnlyDictionary<string, long>? sizes = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelProto proto = model.Proto;
        (long multiplyAdds, ImmutableArray<string> uncounted) =
            CountMultiplyAdds(proto, model.Opset, sizes ?? ImmutableDictionary<string, long>.Empty);
        var counter = new ParameterCounter(proto);
        (string Name, TensorProto Tensor)[] stored = [.. Stored(proto)];
        return new OnnxSummary
        {
            GraphName = model.GraphName,
            Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            IrVersion = model.IrVersion,
            Opset = model.Opset,
            SizeInBytes = model.CalculateSize(),
            Inputs = model.Inputs,
            Outputs = model.Outputs,
            Operators = ModelWalk.Nodes(proto).CountBy(pair => Operator(pair.Node)).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Parameters = stored.Where(pair => counter.IsLearnt(pair.Name, (OnnxElementType)pair.Tensor.DataType))
                .Sum(pair => Count(pair.Tensor)),
            StoredBytes = stored.GroupBy(pair => (OnnxElementType)pair.Tensor.DataType)
                .ToImmutableSortedDictionary(group => group.Key, group => group.Sum(pair => Bytes(pair.Tensor))),
            MultiplyAdds = multiplyAdds,
            Uncounted = uncounted,
            Metadata = model.Metadata,
            Problems = [.. OnnxChecker.Check(model)],
        };
    }

    private static (long Sum, ImmutableArray<string> Uncounted) CountMultiplyAdds(
        ModelProto model, long opset, IReadOnlyDictionary<string, long> sizes)
    {
        long sum = 0;
        var uncounted = ImmutableArray.CreateBuilder<string>();
        GraphInference.Run(model.Graph, new InferenceSettings(opset, sizes, new ProblemList())
        {
            Functions = FunctionChecker.ById(model),
            Visited = (graph, inference) =>
            {
                foreach (NodeProto node in graph.Node.Where(MultiplyAddCounter.Counts))
                {
                    if (MultiplyAddCounter.Count(node, inference.Find) is { } count && count <= long.MaxValue - sum)
                        sum += count;
                    else
                        uncounted.Add(node.Name.Length > 0 ? node.Name : node.OpType);
                }
            },
        });
        return (sum, uncounted.ToImmutable());
    }

    // Initializers under their names, the tensors of Constant nodes under those of their outputs.
    private static IEnumerable<(string Name, TensorProto Tensor)> Stored(ModelProto model) =>
        ModelWalk.Graphs(model).SelectMany(pair => pair.Graph.Initializer).Select(tensor => (tensor.Name, tensor))
            .Concat(ModelWalk.Nodes(model).Where(pair => pair.Node.OpType == "Constant" && pair.Node.Output.Count > 0)
                .SelectMany(pair => pair.Node.Attribute.Where(attribute => attribute.T is not null)
                    .Select(attribute => (pair.Node.Output[0], attribute.T))));

    private static string Operator(NodeProto node) =>
        StandardOperators.IsStandardDomain(node.Domain) ? node.OpType : $"{node.Domain}.{node.OpType}";

    private static long Count(TensorProto tensor) => tensor.Dims.Aggregate(1L, (product, size) => product * size);

    private static long Bytes(TensorProto tensor) =>
        (OnnxElementType)tensor.DataType == OnnxElementType.String
        ? tensor.StringData.Sum(text => (long)text.Length)
        : ((OnnxElementType)tensor.DataType).BytesFor(Count(tensor));
}
