using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Exporting;

/// <summary>One call as a graph of its own, which tells what a module writes from what another writes in its place.</summary>
internal static class CallGraph
{
    /// <summary>Writes a call's nodes.</summary>
    /// <returns>The names of its results.</returns>
    public static IReadOnlyList<string> Emit(
        OnnxExportContext context, nn.Module module, OnnxConverterRegistry converters, string[] inputs) =>
        converters.Find(module.GetType()) is { } converter ? converter(context, module, inputs)
            : PassedThrough.Is(module) ? inputs
            : ((IOnnxExportable)module).ToOnnx(context, inputs);

    /// <summary>Whether two modules write the same for a call.</summary>
    public static bool WriteSame(TracedCall call, nn.Module other, OnnxConverterRegistry converters, int opset)
    {
        byte[] written;
        try
        {
            written = Write(call, converters, opset);
        }
        catch (Exception exception) when (exception is OnnxException or OnnxExportException)
        {
            // What cannot be exported at all is refused where it is written.
            return true;
        }
        try
        {
            return written.AsSpan().SequenceEqual(Write(call with { Module = other }, converters, opset));
        }
        catch (Exception exception) when (exception is OnnxException or OnnxExportException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Writes a call alone.</summary>
    /// <exception cref="OnnxException">Its nodes break a rule of the ONNX specification.</exception>
    public static byte[] Write(TracedCall call, OnnxConverterRegistry converters, int opset)
    {
        var builder = new OnnxGraphBuilder("call", opset);
        using var parameters = new ParameterStore(builder, call.Module);
        string[] inputs = [.. call.Inputs.Select((value, index) =>
            builder.AddInput($"call input {index}", ElementTypes.ToOnnx(value.Type), [.. value.Dimensions]))];
        IReadOnlyList<string> results = Emit(new OnnxExportContext(builder, parameters, call), call.Module, converters, inputs);
        foreach ((TracedValue value, string result) in call.Outputs.Zip(results))
        {
            string name = builder.UniqueName("call output");
            builder.RenameValue(builder.AddNode($"{name} node", "Identity", [result]), name);
            builder.AddOutput(name, ElementTypes.ToOnnx(value.Type), [.. value.Dimensions]);
        }
        return builder.Build().ToArray();
    }
}
