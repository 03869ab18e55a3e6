using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>
/// Turns parameters and buffers into initializers, each once. Those of the module's state share its memory until
/// <see cref="OnnxModel.OwnData"/>: the passes rewrite most of them, and a copy for each would be as large as the
/// weights. Dispose it after that.
/// </summary>
internal sealed class ParameterStore : IDisposable
{
    private readonly OnnxGraphBuilder builder;
    private readonly Dictionary<IntPtr, string> stateNames = [];
    private readonly Dictionary<IntPtr, string> stored = [];
    private readonly List<TensorMemory> shared = [];

    public ParameterStore(OnnxGraphBuilder builder, nn.Module root)
    {
        this.builder = builder;
        foreach ((string name, Tensor tensor) in StateOf(root))
            stateNames.TryAdd(tensor.Handle, name);
    }

    /// <summary>A module's parameters and buffers by their names in its state dictionary; a shared one under its first name.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> StateOf(nn.Module root) =>
        root.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(root.named_buffers());

    /// <summary>The name of the initializer that holds a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="hint">The name wished for if the tensor is not part of the module's state.</param>
    public string Store(Tensor tensor, string hint)
    {
        bool isState = stateNames.TryGetValue(tensor.Handle, out string? stateName);
        if (isState && stored.TryGetValue(tensor.Handle, out string? known))
            return known;
        DenseTensor.Require(tensor, $"'{stateName ?? hint}' is");
        using IDisposable scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor plain = tensor.detach().cpu().contiguous();
        OnnxElementType type = ElementTypes.ToOnnx(plain.dtype);
        if (!isState)
            return builder.AddConstant(hint, type, plain.bytes, plain.shape);
        var memory = new TensorMemory(plain.DetachFromDisposeScope());
        shared.Add(memory);
        return stored[tensor.Handle] = builder.AddSharedInitializer(stateName!, type, memory.Memory, plain.shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable memory in shared)
            memory.Dispose();
    }
}
