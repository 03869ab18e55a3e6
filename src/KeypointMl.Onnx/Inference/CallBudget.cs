using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Inference;

/// <summary>
/// Bounds the work of following functions into their calls: a few lines of functions that call one another twice unfold
/// to billions of nodes.
/// </summary>
internal sealed class CallBudget
{
    private const int MaxDepth = 32;
    private readonly Dictionary<FunctionProto, int> sizes = new(ReferenceEqualityComparer.Instance);
    private int nodes = 10_000;
    private int depth;

    /// <summary>Starts on a function; false where that would be too much, and the call is left unknown.</summary>
    public bool TryEnter(FunctionProto function)
    {
        if (!sizes.TryGetValue(function, out int nodes))
            sizes[function] = nodes = ModelWalk.Nodes(function.Node).Count();
        if (depth >= MaxDepth || nodes > this.nodes)
            return false;
        this.nodes -= nodes;
        depth++;
        return true;
    }

    /// <summary>Ends what <see cref="TryEnter"/> started.</summary>
    public void Leave() => depth--;
}
