using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp;
using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Padding modules (ONNX: Pad; circular padding before opset 19: Slice and Concat).</summary>
internal static class PaddingConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<ZeroPad2d>((context, module, x) => Pad(context, module, x, PaddingModes.Constant))
        .With<ConstantPad1d>((context, module, x) => Pad(context, module, x, PaddingModes.Constant))
        .With<ConstantPad2d>((context, module, x) => Pad(context, module, x, PaddingModes.Constant))
        .With<ConstantPad3d>((context, module, x) => Pad(context, module, x, PaddingModes.Constant))
        .With<ReflectionPad1d>((context, module, x) => Pad(context, module, x, PaddingModes.Reflect))
        .With<ReflectionPad2d>((context, module, x) => Pad(context, module, x, PaddingModes.Reflect))
        .With<ReflectionPad3d>((context, module, x) => Pad(context, module, x, PaddingModes.Reflect))
        .With<ReplicationPad1d>((context, module, x) => Pad(context, module, x, PaddingModes.Replicate))
        .With<ReplicationPad2d>((context, module, x) => Pad(context, module, x, PaddingModes.Replicate))
        .With<ReplicationPad3d>((context, module, x) => Pad(context, module, x, PaddingModes.Replicate));

    /// <summary>Pads a value.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="x">The value.</param>
    /// <param name="mode">What the new elements are.</param>
    /// <param name="begins">How many come before, for every dimension; negative crops.</param>
    /// <param name="ends">How many come after.</param>
    /// <param name="value">The new elements of mode Constant or Zeros.</param>
    public static string Pad(OnnxExportContext context, string x, PaddingModes mode, long[] begins, long[] ends, double value)
    {
        if (mode == PaddingModes.Circular && begins.Concat(ends).Any(pad => pad < 0))
        {
            throw context.Error(
                $"circular padding that takes elements away has no counterpart in ONNX. Cut them off first, with {nameof(Slice)}.");
        }
        if (mode == PaddingModes.Circular && context.Opset < 19)
            return Wrap(context, x, begins, ends);
        string name = mode switch
        {
            PaddingModes.Reflect => "reflect",
            PaddingModes.Replicate => "edge",
            PaddingModes.Circular => "wrap",
            _ => "constant",
        };
        string pads = context.Constant("pads", [.. begins, .. ends]);
        string[] inputs = name == "constant" ? [x, pads, Value(context, value)] : [x, pads];
        return context.Node("Pad", inputs, ("mode", name));
    }

    /// <summary>
    /// Pads a value by pairs (before, after) from the last dimension to the first, as PyTorch lists them; ONNX lists
    /// all begins, then all ends, from the first.
    /// </summary>
    public static string Pad(OnnxExportContext context, string x, PaddingModes mode, long[] pairs, double value)
    {
        int rank = context.InputShape(0).Length;
        var begins = new long[rank];
        var ends = new long[rank];
        for (int pair = 0; pair < pairs.Length / 2; pair++)
        {
            begins[rank - 1 - pair] = pairs[2 * pair];
            ends[rank - 1 - pair] = pairs[(2 * pair) + 1];
        }
        return Pad(context, x, mode, begins, ends, value);
    }

    // In the type of what is padded, also where that is an integer.
    private static string Value(OnnxExportContext context, double value)
    {
        using torch.Tensor element = torch.tensor(value).to_type(context.InputType(0));
        return element.is_floating_point() ? context.Scalar("value", value) : context.Parameter("value", element);
    }

    private static string Pad(OnnxExportContext context, PadBase module, string x, PaddingModes mode) =>
        Pad(context, x, mode, module.padding, module.value);

    private static string Wrap(OnnxExportContext context, string x, long[] begins, long[] ends)
    {
        for (int axis = 0; axis < begins.Length; axis++)
        {
            if (begins[axis] == 0 && ends[axis] == 0)
                continue;
            var parts = new List<string>();
            if (begins[axis] > 0)
                parts.Add(ShapeNodes.Slice(context, x, axis, -begins[axis], long.MaxValue));
            parts.Add(x);
            if (ends[axis] > 0)
                parts.Add(ShapeNodes.Slice(context, x, axis, 0, ends[axis]));
            x = context.Node("Concat", [.. parts], ("axis", axis));
        }
        return x;
    }
}
