using System.Collections.Immutable;
using KeypointMl.Onnx.Checking;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using FunctionId = (string Domain, string Name, string Overload);

namespace KeypointMl.Onnx.Inference;

/// <summary>
/// Finds out the element types of a graph's values (see <see cref="GraphInference"/>); what cannot be found out is left
/// out.
/// </summary>
internal static class TypeInference
{
    /// <summary>Infers the types.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="opset">The version of the standard operators.</param>
    /// <returns>The known types by value name.</returns>
    public static IReadOnlyDictionary<string, OnnxElementType> Run(GraphProto graph, long opset) =>
        GraphInference.Run(graph, new InferenceSettings(opset, ImmutableDictionary<string, long>.Empty, new ProblemList())).Values
            .Select(pair => (pair.Key, Type: pair.Value.Type is { } type ? TypeNames.Element(type) : null))
            .Where(pair => pair.Type is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Type!.Value, StringComparer.Ordinal);
}

/// <summary>
/// The shapes of a graph's values, for those who change it by them. What the file states of values inside the graph is
/// not taken: runtimes go by it no more than by a hint, and it is often left over from sizes that the graph had before.
/// </summary>
internal static class ShapeInference
{
    /// <summary>Infers the shapes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sizes">Values for named open sizes.</param>
    /// <returns>The known shapes by value name.</returns>
    public static IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> Run(
        GraphProto graph, IReadOnlyDictionary<string, long> sizes) =>
        GraphInference.Run(graph, new InferenceSettings(Opset: 0, sizes, new ProblemList()) { TakesValueInfo = false }).Values
            .Where(pair => !pair.Value.Shape.IsDefault)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal);
}

/// <summary>What an inference over a model is told.</summary>
/// <param name="Opset">The version of the standard operators.</param>
/// <param name="Sizes">Values for named open sizes.</param>
/// <param name="Problems">Where contradictions are listed.</param>
internal sealed record InferenceSettings(long Opset, IReadOnlyDictionary<string, long> Sizes, ProblemList Problems)
{
    /// <summary>The model's functions.</summary>
    public IReadOnlyDictionary<FunctionId, FunctionProto> Functions { get; init; } = ImmutableDictionary<FunctionId, FunctionProto>.Empty;

    /// <summary>
    /// Whether what a graph states of the values inside it (value_info) and of its outputs fills in what cannot be found
    /// out. Runtimes do not hold a graph to it: exporters write the sizes of their example there.
    /// </summary>
    public bool TakesValueInfo { get; init; } = true;

    /// <summary>What is left for following calls of functions.</summary>
    public CallBudget Budget { get; } = new();

    /// <summary>The outermost call that is being followed, in the words of a sentence; null outside of one.</summary>
    public string? Call { get; init; }

    /// <summary>Told of each graph, nested ones and called functions included, when everything in it is known.</summary>
    public Action<GraphProto, GraphInference>? Visited { get; init; }
}
