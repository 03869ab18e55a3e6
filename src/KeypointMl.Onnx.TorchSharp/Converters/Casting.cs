using KeypointMl.Onnx.TorchSharp.Emitting;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>The conversions that libtorch makes by itself and ONNX does not.</summary>
internal static class Casting
{
    /// <summary>An input in the type of the call's first result, as sums of integers and joins of several types need it.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="x">The input's name.</param>
    /// <param name="index">Which tensor argument it is, from 0.</param>
    public static string ToResult(OnnxExportContext context, string x, int index = 0) =>
        context.InputType(index) == context.OutputType(0)
            ? x
            : context.Node("Cast", [x], ("to", ElementTypes.ToOnnx(context.OutputType(0))));

    /// <summary>All inputs in the type of the call's first result.</summary>
    public static string[] ToResult(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [.. inputs.Select((input, index) => ToResult(context, input, index))];
}
