using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// Which blocks (modules that contain others) are running, and which of them made the tensors that no traced module
/// made: the innermost that ran when the tensor first appeared.
/// </summary>
/// <param name="isTraced">Whether a tensor is an input, a parameter, or of a traced module.</param>
/// <param name="guess">Which operation made a tensor, for a reader; null if that is not known.</param>
internal sealed class RunningBlocks(Func<Tensor, bool> isTraced, Func<Tensor, string?> guess)
{
    private readonly ConditionalWeakTable<Tensor, UntracedMaker> makers = [];
    private readonly Stack<(nn.Module Module, string Path)> running = [];

    /// <summary>The innermost block that runs, for the middle of an error message; null before the first and after the last.</summary>
    public string? Current => running.TryPeek(out (nn.Module Module, string Path) block) ? Describe(block.Module, block.Path) : null;

    /// <summary>The path of that block; empty for the exported module, and where none runs.</summary>
    public string CurrentPath => running.TryPeek(out (nn.Module Module, string Path) block) ? block.Path : "";

    /// <summary>Notes that a block was called: what it was given and nobody knows was made by the block that called it.</summary>
    public void Enter(nn.Module module, string path, object?[] arguments)
    {
        if (Current is { } caller)
            Note(arguments.SelectMany(ModuleSignature.TensorsIn), caller);
        running.Push((module, path));
    }

    /// <summary>Notes that a block has ended: what it gives and nobody knows it has made.</summary>
    public void Leave(nn.Module module, object? result)
    {
        // A forward method that catches exceptions leaves blocks behind that have not ended.
        while (running.TryPop(out (nn.Module Module, string Path) block))
        {
            if (!ReferenceEquals(block.Module, module))
                continue;
            Note(ModuleSignature.TensorsIn(result), Describe(block.Module, block.Path));
            break;
        }
    }

    /// <summary>What made a tensor that no traced module made.</summary>
    public UntracedMaker MakerOf(Tensor tensor) =>
        makers.TryGetValue(tensor, out UntracedMaker? maker) ? maker : new UntracedMaker(Current, guess(tensor));

    private void Note(IEnumerable<Tensor> tensors, string maker)
    {
        foreach (Tensor tensor in tensors.Where(tensor => !tensor.IsInvalid && !isTraced(tensor)))
        {
            // Asked at once: what the block computed with is often disposed when it has ended.
            if (!makers.TryGetValue(tensor, out _))
                makers.Add(tensor, new UntracedMaker(maker, guess(tensor)));
        }
    }

    private static string Describe(nn.Module module, string path) =>
        path.Length == 0 ? $"the exported module ({module.GetType().Name})" : $"block '{path}' ({module.GetType().Name})";
}
