using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>What an inference over a model is told.</summary>
/// <param name="Opset">The version of the standard operators.</param>
/// <param name="Sizes">Values for named open sizes.</param>
/// <param name="Problems">Where contradictions are listed.</param>
internal sealed record InferenceSettings(long Opset, IReadOnlyDictionary<string, long> Sizes, ProblemList Problems)
{
    /// <summary>Told of each graph, nested ones included, when everything in it is known.</summary>
    public Action<GraphProto, GraphInference>? Visited { get; init; }
}
