using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Puts a module into evaluation mode and gives every module inside its own mode back when disposed.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly (nn.Module Module, bool Training)[] _modes;

    public EvaluationMode(nn.Module module)
    {
        // Outer modules come before inner ones: train() passes a mode on to the children, who get their own back afterwards.
        _modes = [.. Preorder(module).Select(inner => (inner, inner.training))];
        module.eval();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((nn.Module module, bool training) in _modes)
            module.train(training);
    }

    private static IEnumerable<nn.Module> Preorder(nn.Module module) => module.children().SelectMany(Preorder).Prepend(module);
}
