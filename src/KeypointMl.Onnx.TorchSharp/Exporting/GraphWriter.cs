using System.Collections.Immutable;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Exporting;

/// <summary>
/// Writes a trace as a graph: every live call by its converter, values under the names that the converters give. The
/// graph shares the module's memory until <see cref="OnnxModel.OwnData"/>; dispose the writer after that.
/// </summary>
internal sealed class GraphWriter : IDisposable
{
    private readonly nn.Module root;
    private readonly OnnxExportOptions options;
    private readonly OnnxGraphBuilder builder;
    private readonly ParameterStore parameters;

    public GraphWriter(nn.Module root, OnnxExportOptions options)
    {
        this.root = root;
        this.options = options;
        builder = new OnnxGraphBuilder(options.GraphName ?? root.GetType().Name, options.Opset);
        parameters = new ParameterStore(builder, root);
    }

    /// <summary>Writes the graph.</summary>
    /// <exception cref="OnnxExportException">A call cannot be written, or what it writes breaks a rule of ONNX.</exception>
    public OnnxModel Write(Trace trace, ImmutableArray<string> inputNames, ImmutableArray<string> outputNames)
    {
        foreach ((TracedValue input, string name) in trace.Inputs.Zip(inputNames))
            input.Name = builder.AddInput(name, ElementTypes.ToOnnx(input.Type), [.. input.Dimensions]);
        foreach (string name in outputNames)
            builder.ReserveName(name);
        var described = new HashSet<string>(StringComparer.Ordinal);
        foreach (TracedCall call in trace.LiveCalls())
        {
            Write(call);
            foreach (TracedValue value in call.Outputs.Where(value => builder.IsMadeByNode(value.Name!) && described.Add(value.Name!)))
                builder.AddValueInfo(value.Name!, ElementTypes.ToOnnx(value.Type), [.. value.Dimensions]);
        }
        WriteOutputs(trace, outputNames);
        try
        {
            return builder.Build(options.ProducerName, options.ProducerVersion);
        }
        catch (OnnxException broken)
        {
            throw Blame(trace, broken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => parameters.Dispose();

    private void Write(TracedCall call)
    {
        var context = new OnnxExportContext(builder, parameters, call);
        string[] inputs = [.. call.Inputs.Select(NameOf)];
        IReadOnlyList<string> outputs = CallGraph.Emit(context, call.Module, options.Converters, inputs);
        if (outputs.Count != call.Outputs.Count)
        {
            throw context.Error(
                $"its converter gave {outputs.Count} outputs; the module gave {call.Outputs.Count} tensors. Return one name for each.");
        }
        foreach ((TracedValue value, string name) in call.Outputs.Zip(outputs))
            value.Name = name;
    }

    // The call whose nodes are refused alone too; what only the whole graph shows is said of the exported module.
    private OnnxExportException Blame(Trace trace, OnnxException broken)
    {
        foreach (TracedCall call in trace.LiveCalls())
        {
            try
            {
                CallGraph.Write(call, options.Converters, options.Opset);
            }
            catch (OnnxException alone)
            {
                return new OnnxExportException($"{call.Describe()} becomes what ONNX does not allow: {alone.Message} {WayOut}");
            }
        }
        return new OnnxExportException(
            $"{TracedCall.Describe(root, "")} becomes what ONNX does not allow: {broken.Message} {WayOut}");
    }

    private static string WayOut =>
        "Give it tensors of another type or shape, or let it implement "
        + $"{nameof(IOnnxExportable)} and write other nodes.";

    private string NameOf(TracedValue value) => value.Parameter is { } parameter ? parameters.Store(parameter, "parameter") : value.Name!;

    private void WriteOutputs(Trace trace, ImmutableArray<string> outputNames)
    {
        foreach ((TracedValue output, string name) in trace.Outputs.Zip(outputNames))
        {
            string source = NameOf(output);
            // An input, a parameter or a value that is an output already keeps its name; the output is a copy of it.
            if (!builder.IsMadeByNode(source) || outputNames.Contains(source))
                source = builder.AddNode($"{name}/Identity", "Identity", [source]);
            builder.RenameValue(source, name);
            foreach (TracedValue same in trace.Values.Where(value => value.Name == source))
                same.Name = name;
            builder.AddOutput(name, ElementTypes.ToOnnx(output.Type), [.. output.Dimensions]);
        }
    }
}
