using System.Collections.Immutable;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Exporting;

/// <summary>
/// Exports a TorchSharp module to ONNX by tracing one example run in evaluation mode. The graph computes what that run
/// computed. Randomness, and choices that depend on the values of tensors, are refused where two more runs show them
/// (<see cref="OnnxExportOptions.CheckRepeatability"/>); a choice that neither shows is frozen as the example took it.
/// The module's mode is restored afterwards.
/// </summary>
public static class OnnxExporter
{
    /// <summary>Exports a module with one tensor argument.</summary>
    /// <param name="module">The module, on any device.</param>
    /// <param name="exampleInput">
    /// An example of what it takes; by default its first axis is the batch, whose size the graph leaves open.
    /// </param>
    /// <param name="options">Names, opset, run-time sizes; default <see cref="OnnxExportOptions"/>.</param>
    /// <returns>The checked model.</returns>
    /// <exception cref="OnnxExportException">Something in the module cannot be exported; the message names the module's
    /// path and the way out. What the module's own code throws passes through.</exception>
    public static OnnxModel Export(nn.Module module, Tensor exampleInput, OnnxExportOptions? options = null) =>
        Export(module, [exampleInput], options);

    /// <summary>
    /// Exports a module with one or several tensor arguments and one or several tensor results (a tensor, a tuple or an
    /// array).
    /// </summary>
    /// <param name="module">The module, on any device.</param>
    /// <param name="exampleInputs">An example of what it takes, one tensor for each argument.</param>
    /// <param name="options">Names, opset, run-time sizes; default <see cref="OnnxExportOptions"/>.</param>
    /// <returns>The checked model.</returns>
    /// <exception cref="OnnxExportException">Something in the module cannot be exported; the message names the module's
    /// path and the way out. What the module's own code throws passes through.</exception>
    public static OnnxModel Export(nn.Module module, IReadOnlyList<Tensor> exampleInputs, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(exampleInputs);
        options ??= new OnnxExportOptions();
        ModuleTree.Require(module);
        for (int index = 0; index < exampleInputs.Count; index++)
        {
            ArgumentNullException.ThrowIfNull(exampleInputs[index], $"{nameof(exampleInputs)}[{index}]");
            DenseTensor.Require(exampleInputs[index], $"Example input {index} is");
        }

        ImmutableArray<string> inputNames = Names(options.InputNames, exampleInputs.Count, "input", nameof(options.InputNames));
        IReadOnlyDictionary<int, string>[] axes = [.. exampleInputs.Select((input, index) => AxesOf(input, inputNames[index], options))];
        CheckDynamicAxes(options, inputNames);
        using var evaluation = new EvaluationMode(module);
        WritesSame writesSame = (call, other) => CallGraph.WriteSame(call, other, options.Converters, options.Opset);
        Trace trace = SymbolicTrace.Run(module, options.Converters, writesSame, exampleInputs, axes);
        if (options.CheckRepeatability)
            RepeatabilityCheck.Run(trace, module, options.Converters, writesSame, exampleInputs);
        ImmutableArray<string> outputNames = Names(options.OutputNames, trace.Outputs.Count, "output", nameof(options.OutputNames));
        using var writer = new GraphWriter(module, options);
        OnnxModel model = writer.Write(trace, inputNames, outputNames);
        if (options.Optimization is { } passes)
            OnnxOptimizer.Optimize(model, passes);
        model.OwnData();
        return model;
    }

    /// <summary>Exports a module and saves the model atomically.</summary>
    /// <param name="module">The module, on any device.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="exampleInputs">An example of what it takes, one tensor for each argument.</param>
    /// <param name="options">Names, opset, run-time sizes; default <see cref="OnnxExportOptions"/>.</param>
    /// <exception cref="OnnxExportException">Something in the module cannot be exported.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveOnnx(
        this nn.Module module, string path, IReadOnlyList<Tensor> exampleInputs, OnnxExportOptions? options = null) =>
        Export(module, exampleInputs, options).Save(path);

    private static ImmutableArray<string> Names(ImmutableArray<string> given, int count, string stem, string option)
    {
        if (given.IsDefault)
            return count == 1 ? [stem] : [.. Enumerable.Range(0, count).Select(index => $"{stem}{index}")];
        return given.Length == count
            ? given
            : throw new OnnxExportException(
                $"{nameof(OnnxExportOptions)}.{option} has {given.Length} names ({string.Join(", ", given)}); "
                + $"the module has {count} {stem}s. Give one name for each.");
    }

    private static Dictionary<int, string> AxesOf(Tensor input, string name, OnnxExportOptions options)
    {
        var axes = new Dictionary<int, string>();
        if (options.BatchAxis is { } batch && input.dim() > 0)
            axes[0] = batch;
        foreach (OnnxDynamicAxis axis in options.DynamicAxes.Where(axis => axis.Input == name))
        {
            if (axis.Axis < 0 || axis.Axis >= input.dim())
            {
                throw new OnnxExportException(
                    $"Dynamic axis '{axis.Name}' is axis {axis.Axis} of input '{name}', whose example has {input.dim()} "
                    + $"dimensions; expected 0 to {input.dim() - 1}.");
            }
            axes[axis.Axis] = axis.Name;
        }
        return axes;
    }

    private static void CheckDynamicAxes(OnnxExportOptions options, ImmutableArray<string> inputNames)
    {
        if (options.DynamicAxes.FirstOrDefault(axis => !inputNames.Contains(axis.Input)) is { } stray)
        {
            throw new OnnxExportException(
                $"Dynamic axis '{stray.Name}' names an input '{stray.Input}' that does not exist; "
                + $"the inputs are {string.Join(", ", inputNames)}.");
        }
    }
}

/// <summary>Puts a module into evaluation mode and gives every module inside its own mode back when disposed.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly (nn.Module Module, bool Training)[] modes;

    public EvaluationMode(nn.Module module)
    {
        // Outer modules come before inner ones: train() passes a mode on to the children, who get their own back afterwards.
        modes = [.. Preorder(module).Select(inner => (inner, inner.training))];
        module.eval();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((nn.Module module, bool training) in modes)
            module.train(training);
    }

    private static IEnumerable<nn.Module> Preorder(nn.Module module) => module.children().SelectMany(Preorder).Prepend(module);
}
