using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;
using KeypointMl.Onnx.TorchSharp.Tracing.Guessing;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>What a tracer says when it cannot go on: what it met, where, and what to write instead.</summary>
internal static class TracingRefusal
{
    /// <summary>A module that nothing writes as nodes.</summary>
    public static OnnxExportException NoConverter(nn.Module module, string path)
    {
        string why = OnnxConverterRegistry.WithoutCounterpart.TryGetValue(module.GetType(), out string? reason) ? $": {reason}" : ".";
        return new OnnxExportException(
            $"{TracedCall.Describe(module, path)} has no converter to ONNX{why} Let it implement {nameof(IOnnxExportable)}, "
            + $"register one with {nameof(OnnxConverterRegistry)}.{nameof(OnnxConverterRegistry.With)}, "
            + $"or build it from modules that have one and functions of {nameof(Functional)}.");
    }

    /// <summary>A tensor that came from nowhere.</summary>
    /// <param name="what">Who received which tensor.</param>
    /// <param name="maker">What made it.</param>
    /// <param name="last">The module that was called last; null before the first.</param>
    public static OnnxExportException Untraced(string what, UntracedMaker maker, TracedCall? last)
    {
        string made = maker.Block is { } block ? $"the forward of {block} made it" : "it was made";
        string when = last is null ? "before any module was called" : $"after module '{last.Path}' was called";
        string handed = UntracedOrigin.RunningForward() is { } running ? $"{when}, in {running}" : when;
        string found = maker.Guess is { } guess ? $" Its values are those of {guess}." : "";
        return new OnnxExportException(
            $"{what} that no traced module made: {made} by an operation that the tracer cannot see "
            + "(such as torch.cat, +, view, forward() in place of call(), a module that is not registered (RegisterComponents, "
            + "ModuleList), or an overload of call that hooks do not see, as that of a transformer layer with masks: use "
            + $"TransformerEncoder or TransformerDecoder), {handed}.{found} "
            + $"Use a function of KeypointMl.Onnx.TorchSharp.{nameof(Functional)} there "
            + $"({nameof(Functional.relu)}, {nameof(Functional.cat)}, {nameof(Functional.add)}…), "
            + $"an operation module ({nameof(Concat)}, {nameof(Add)}, {nameof(Reshape)}…), "
            + $"let the module around it implement {nameof(IOnnxExportable)}, or register the tensor as a buffer if it is constant.");
    }

    /// <summary>A tensor that is not any more what a traced module made.</summary>
    /// <param name="what">Who received which tensor.</param>
    /// <param name="block">The block that runs; null for none.</param>
    public static OnnxExportException ChangedInPlace(string what, string? block)
    {
        string where = block is null ? "" : $", in the forward of {block} or before it";
        return new OnnxExportException(
            $"{what} that was changed in place after a traced module made it, by an operation that the tracer cannot see "
            + $"(such as add_){where}. Use an operation that gives a new tensor, as a module or by {nameof(Functional)}.");
    }
}
