using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Finds out the element types of a graph's values (see <see cref="GraphInference"/>); what cannot be found out is left out.</summary>
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
