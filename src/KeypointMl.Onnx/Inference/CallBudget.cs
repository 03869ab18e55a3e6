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
    private readonly Dictionary<FunctionProto, int> _sizes = new(ReferenceEqualityComparer.Instance);
    private int _nodes = 10_000;
    private int _depth;

    /// <summary>Starts on a function; false where that would be too much, and the call is left unknown.</summary>
    public bool TryEnter(FunctionProto function)
    {
        if (!_sizes.TryGetValue(function, out int nodes))
            _sizes[function] = nodes = ModelWalk.Nodes(function.Node).Count();
        if (_depth >= MaxDepth || nodes > _nodes)
            return false;
        _nodes -= nodes;
        _depth++;
        return true;
    }

    /// <summary>Ends what <see cref="TryEnter"/> started.</summary>
    public void Leave() => _depth--;
}
