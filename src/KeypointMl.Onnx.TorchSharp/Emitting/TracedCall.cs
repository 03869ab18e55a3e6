using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>One call of a module that is exported as a step.</summary>
/// <param name="Module">The module.</param>
/// <param name="Path">Its path in the exported module; empty for that module itself.</param>
/// <param name="Inputs">The tensors it received.</param>
/// <param name="Positions">For each of them the argument that it was, or was a part of, from 0.</param>
/// <param name="Outputs">The tensors it gave.</param>
internal sealed record TracedCall(
    nn.Module Module,
    string Path,
    IReadOnlyList<TracedValue> Inputs,
    IReadOnlyList<int> Positions,
    IReadOnlyList<TracedValue> Outputs)
{
    /// <summary>The module for an error message.</summary>
    public string Describe() => Describe(Module, Path);

    /// <summary>A module for an error message.</summary>
    public static string Describe(nn.Module module, string path) =>
        path.Length == 0 ? $"The exported module ({module.GetType().Name})" : $"Module '{path}' ({module.GetType().Name})";

    /// <summary>Where a tensor came from, for the middle of an error message.</summary>
    /// <param name="value">An input, or what one of the calls gave.</param>
    /// <param name="inputs">The traced run's inputs.</param>
    /// <param name="calls">Its calls so far.</param>
    public static string Describe(TracedValue value, IReadOnlyList<TracedValue> inputs, IReadOnlyList<TracedCall> calls)
    {
        if (calls.LastOrDefault(call => call.Outputs.Contains(value)) is not { } call)
            return inputs.Count == 1 ? "the input" : $"input {inputs.ToList().IndexOf(value)}";
        string which = call.Outputs.Count == 1 ? "the result" : $"result {call.Outputs.ToList().IndexOf(value)}";
        return $"{which} of {(call.Path.Length == 0 ? "the exported module" : $"'{call.Path}'")}";
    }
}
