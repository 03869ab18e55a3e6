using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Exporting;

/// <summary>
/// Looks for what a graph cannot express and a single example run does not show: results that differ from run to run
/// (randomness, a state that the module changes), and calls that depend on the values of tensors. It runs the module
/// twice more: on the same inputs, and on the same inputs reversed (floating-point ones negated too).
/// </summary>
internal static class RepeatabilityCheck
{
    /// <summary>Runs the checks.</summary>
    /// <param name="trace">The trace of the example inputs.</param>
    /// <param name="root">The module, in evaluation mode.</param>
    /// <param name="converters">The converters.</param>
    /// <param name="writesSame">Tells whether modules that were made anew in another run have the same options.</param>
    /// <param name="inputs">The example inputs.</param>
    /// <exception cref="OnnxExportException">A run differs; the message names the first module that differs.</exception>
    public static void Run(
        Trace trace, nn.Module root, OnnxConverterRegistry converters, WritesSame writesSame, IReadOnlyList<Tensor> inputs)
    {
        Trace again = ModuleTracer.Run(root, converters, inputs);
        if (FirstOtherCall(trace, again) is { } other)
        {
            throw new OnnxExportException(
                $"{other} in a second run on the same inputs: the module draws random numbers or changes its own state, "
                + $"which decides what it calls. {WayOut}");
        }
        if (FirstOtherResult(trace, again) is { } call && !IsKernelOfOneDnn(call, root, converters, inputs))
        {
            throw new OnnxExportException(
                $"{call.Describe()} gave other values for the same inputs in a second run: "
                + "it draws random numbers or changes its own state, although the module is in evaluation mode. "
                + $"A graph gives the same every time. {WayOut}");
        }

        using IDisposable scope = NewDisposeScope();
        if (SymbolicTrace.TryRun(root, converters, [.. inputs.Select(Altered)]) is not { } altered)
            return;
        if (FirstOtherCall(trace, altered) is { } choice)
        {
            throw new OnnxExportException(
                $"{choice} in a run on other values of the inputs: a choice in a forward method depends on the values of a "
                + $"tensor (if, ToSingle(), a loop until something holds), and a graph would keep the one that the example took. {WayOut}");
        }
        if (trace.FirstOfOtherOptions(altered, writesSame) is { } computed)
        {
            throw new OnnxExportException(
                $"{computed.Describe()} gets other options in a run on other values of the inputs: a forward method computes them "
                + $"from the values of a tensor, and a graph would keep those of the example. {WayOut}");
        }
    }

    private static string WayOut =>
        "Remove it (torch.where, or both branches weighted, as modules), let the module around it implement "
        + $"{nameof(IOnnxExportable)}, or set {nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.CheckRepeatability)} to "
        + "false to export what the example run did.";

    private static string? FirstOtherCall(Trace trace, Trace other)
    {
        for (int index = 0; index < Math.Max(trace.Calls.Count, other.Calls.Count); index++)
        {
            TracedCall? before = index < trace.Calls.Count ? trace.Calls[index] : null;
            TracedCall? now = index < other.Calls.Count ? other.Calls[index] : null;
            if (before?.Path != now?.Path)
            {
                return $"Call {index} of the example run went to {before?.Describe() ?? "nothing (it had ended)"}, and to "
                    + $"{now?.Describe() ?? "nothing (it had ended)"}";
            }
        }
        return null;
    }

    /// <summary>The first call that gave other values for the same inputs.</summary>
    private static TracedCall? FirstOtherResult(Trace trace, Trace again) => trace.Calls.Zip(again.Calls).FirstOrDefault(pair =>
        Agree(pair.First.Inputs, pair.Second.Inputs) && !Agree(pair.First.Outputs, pair.Second.Outputs)).First;

    private static bool Agree(IEnumerable<TracedValue> values, IEnumerable<TracedValue> others) =>
        values.Zip(others).All(pair => pair.First.Digest.Agrees(pair.Second.Digest));

    /// <summary>
    /// Whether it is no fault of the module: on some processors kernels of oneDNN give other values now and then. So it is
    /// where a layer of TorchSharp's own gave them, which has no state to change, and gives the same without oneDNN.
    /// </summary>
    private static bool IsKernelOfOneDnn(
        TracedCall call, nn.Module root, OnnxConverterRegistry converters, IReadOnlyList<Tensor> inputs) =>
        call.Module.GetType().Assembly == typeof(nn.Module).Assembly && LibTorchSwitches.WithoutOneDnn(() =>
        {
            Trace first = ModuleTracer.Run(root, converters, inputs);
            Trace second = ModuleTracer.Run(root, converters, inputs);
            return FirstOtherCall(first, second) is null && FirstOtherResult(first, second) is null;
        });

    // Indices stay within their range: they are only put in another order.
    private static Tensor Altered(Tensor input)
    {
        Tensor reversed = input.dim() == 0 ? input : input.flip([.. Enumerable.Range(0, (int)input.dim()).Select(axis => (long)axis)]);
        return input.is_floating_point() ? reversed.neg() : reversed;
    }
}
