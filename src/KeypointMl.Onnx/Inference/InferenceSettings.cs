using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;
using FunctionId = (string Domain, string Name, string Overload);

namespace KeypointMl.Onnx;

/// <summary>What an inference over a model is told.</summary>
/// <param name="Opset">The version of the standard operators.</param>
/// <param name="Sizes">Values for named open sizes.</param>
/// <param name="Problems">Where contradictions are listed.</param>
internal sealed record InferenceSettings(long Opset, IReadOnlyDictionary<string, long> Sizes, ProblemList Problems)
{
    /// <summary>The model's functions.</summary>
    public IReadOnlyDictionary<FunctionId, FunctionProto> Functions { get; init; } = ImmutableDictionary<FunctionId, FunctionProto>.Empty;

    /// <summary>What is left for following calls of functions.</summary>
    public CallBudget Budget { get; } = new();

    /// <summary>The outermost call that is being followed, in the words of a sentence; null outside of one.</summary>
    public string? Call { get; init; }

    /// <summary>Told of each graph, nested ones and called functions included, when everything in it is known.</summary>
    public Action<GraphProto, GraphInference>? Visited { get; init; }
}
