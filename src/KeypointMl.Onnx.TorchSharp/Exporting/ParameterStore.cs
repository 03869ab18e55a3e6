using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Turns parameters and buffers into initializers, each once.</summary>
internal sealed class ParameterStore
{
    private readonly OnnxGraphBuilder _builder;
    private readonly Dictionary<IntPtr, string> _stateNames = [];
    private readonly Dictionary<IntPtr, string> _stored = [];

    public ParameterStore(OnnxGraphBuilder builder, nn.Module root)
    {
        _builder = builder;
        foreach ((string name, Tensor tensor) in StateOf(root))
            _stateNames.TryAdd(tensor.Handle, name);
    }

    /// <summary>A module's parameters and buffers by their names in its state dictionary; a shared one under its first name.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> StateOf(nn.Module root) =>
        root.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(root.named_buffers());

    /// <summary>The name of the initializer that holds a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="hint">The name wished for if the tensor is not part of the module's state.</param>
    public string Store(Tensor tensor, string hint)
    {
        bool isState = _stateNames.TryGetValue(tensor.Handle, out string? stateName);
        if (isState && _stored.TryGetValue(tensor.Handle, out string? known))
            return known;
        using IDisposable scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor plain = tensor.detach().cpu().contiguous();
        OnnxElementType type = ElementTypes.ToOnnx(plain.dtype);
        if (!isState)
            return _builder.AddConstant(hint, type, plain.bytes, plain.shape);
        return _stored[tensor.Handle] = _builder.AddInitializer(stateName!, type, plain.bytes, plain.shape);
    }
}
