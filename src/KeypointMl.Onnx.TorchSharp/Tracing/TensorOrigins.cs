using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// Where the tensors of a trace come from: the module's own parameters and buffers, what it was given, and what its
/// steps gave.
/// </summary>
internal sealed class TensorOrigins : IDisposable
{
    private readonly Dictionary<IntPtr, Tensor> state;
    private readonly Dictionary<IntPtr, TracedValue> stateValues = [];
    private readonly TensorLedger ledger = new();
    private readonly IntermediateResults results;

    /// <param name="root">The module that is traced.</param>
    /// <param name="scope">What its run makes.</param>
    public TensorOrigins(nn.Module root, DisposeScope scope)
    {
        state = ParameterStore.StateOf(root).DistinctBy(entry => entry.Tensor.Handle)
            .ToDictionary(entry => entry.Tensor.Handle, entry => entry.Tensor);
        results = new IntermediateResults(scope);
    }

    /// <summary>What the module was given and what its steps gave.</summary>
    public IEnumerable<(Tensor Tensor, TracedValue Value)> Known => ledger.Known;

    /// <summary>Whether it is known where a tensor comes from.</summary>
    public bool Know(Tensor tensor) => ledger.Contains(tensor) || state.ContainsKey(tensor.Handle);

    /// <summary>Finds the value that a tensor stands for.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="value">The value; null where the tensor was changed in place since.</param>
    /// <returns>Whether it is known where the tensor comes from.</returns>
    public bool TryFind(Tensor tensor, out TracedValue? value)
    {
        if (!state.TryGetValue(tensor.Handle, out Tensor? parameter))
            return ledger.TryFind(tensor, out value);
        if (!stateValues.TryGetValue(tensor.Handle, out value))
            stateValues[tensor.Handle] = value = new TracedValue(parameter, parameter);
        return true;
    }

    /// <summary>Records what the module was given.</summary>
    public void Record(Tensor tensor, TracedValue value) => ledger.Record(tensor, value);

    /// <summary>Records what a step gave, and what it did to its arguments.</summary>
    /// <param name="arguments">What the step was given.</param>
    /// <param name="given">What it gave.</param>
    /// <param name="claimsInPlace">Whether it says that it changes its arguments.</param>
    public void Record(IEnumerable<Tensor> arguments, IReadOnlyList<(Tensor Tensor, TracedValue Value)> given, bool claimsInPlace)
    {
        // A module may have disposed what it was given.
        foreach (Tensor argument in arguments)
        {
            if (argument.IsInvalid || state.ContainsKey(argument.Handle))
                continue;
            if (claimsInPlace || ledger.HasChanged(argument))
                ledger.Overwrite(argument, given);
        }
        foreach ((Tensor tensor, TracedValue value) in given)
        {
            ledger.Record(tensor, value);
            results.Add(tensor);
        }
    }

    /// <summary>Takes over a result that nobody gets.</summary>
    public void Keep(Tensor tensor) => results.Add(tensor);

    /// <inheritdoc/>
    public void Dispose() => results.Dispose();
}
