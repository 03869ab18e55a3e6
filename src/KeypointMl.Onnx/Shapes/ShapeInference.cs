using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>The shapes of a graph's values, for those who do not ask what is wrong with it.</summary>
internal static class ShapeInference
{
    /// <summary>Infers the shapes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sizes">Values for named open sizes.</param>
    /// <returns>The known shapes by value name.</returns>
    public static IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> Run(GraphProto graph, IReadOnlyDictionary<string, long> sizes) =>
        GraphInference.Run(graph, new InferenceSettings(Opset: 0, sizes, new ProblemList())).Values
            .Where(pair => !pair.Value.Shape.IsDefault)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal);
}
