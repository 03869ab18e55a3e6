using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp;
using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Pooling by windows of one size (ONNX: MaxPool, AveragePool; Lp pooling: AveragePool between two Pow).</summary>
internal static class PoolingConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<MaxPool1d>((context, module, x) =>
            MaxPool(context, x, Window.Of(module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode))[0])
        .With<MaxPool2d>((context, module, x) =>
            MaxPool(context, x, Window.Of(module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode))[0])
        .With<MaxPool3d>((context, module, x) =>
            MaxPool(context, x, Window.Of(module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode))[0])
        .With<AvgPool1d>((context, module, x) =>
            Average(context, x, Window.Of(module.kernel_size, module.stride, module.padding, null, module.ceil_mode),
                module.count_include_pad, null))
        .With<AvgPool2d>((context, module, x) =>
            Average(context, x, Window.Of(module.kernel_size, module.stride, module.padding, null, module.ceil_mode),
                module.count_include_pad, module.divisor_override))
        .With<AvgPool3d>((context, module, x) =>
            Average(context, x, Window.Of(module.kernel_size, module.stride, module.padding, null, module.ceil_mode),
                module.count_include_pad, module.divisor_override))
        .With<LPPool1d>((context, module, x) =>
            Power(context, x, Window.Of(module.kernel_size, module.stride, null, null, module.ceil_mode), module.norm_type))
        .With<LPPool2d>((context, module, x) =>
            Power(context, x, Window.Of(module.kernel_size, module.stride, null, null, module.ceil_mode), module.norm_type));

    /// <summary>Writes a max pooling.</summary>
    /// <returns>The maxima, and, as a second output, where they are in the flattened input.</returns>
    public static string[] MaxPool(OnnxExportContext context, string x, Window window, int outputs = 1)
    {
        PlacedWindow placed = window.Place(context);
        if (placed.Ends.Zip(window.Kernel).Any(axis => axis.First >= axis.Second))
        {
            // A dilated window may reach out further than MaxPool may pad.
            long[] none = new long[window.Kernel.Length + 2];
            x = PaddingConverters.Pad(context, x, PaddingModes.Constant, none, [0, 0, .. placed.Ends], double.NegativeInfinity);
            placed = placed with { Ends = new long[window.Kernel.Length] };
        }
        return context.Node("MaxPool", [x], outputs, [.. placed.Attributes(), ("dilations", window.Dilation)]);
    }

    private static string Average(OnnxExportContext context, string x, Window window, bool countPadding, long? divisor)
    {
        PlacedWindow placed = window.Place(context);
        if (placed.CeilMode && (divisor is not null || countPadding))
        {
            throw context.Error(
                "in ceil_mode a last window may reach beyond the padding, where PyTorch and ONNX divide by different counts, "
                + "and which sizes have one is open at run time. Fix the sizes, or use count_include_pad: false.");
        }
        if (divisor is { } by)
        {
            string mean = context.Node("AveragePool", [x], [.. placed.Attributes(), ("count_include_pad", true)]);
            return context.Node("Mul", [mean, context.Scalar("divisor", (double)window.Count / by)]);
        }
        if (!countPadding || !placed.ReachesBeyond)
            return context.Node("AveragePool", [x], [.. placed.Attributes(), ("count_include_pad", countPadding)]);
        // PyTorch counts the padding and not what lies beyond it: the padding becomes part of the input.
        long[] around = [0, 0, .. window.Padding];
        string padded = window.Padding.All(pad => pad == 0)
            ? x
            : PaddingConverters.Pad(context, x, PaddingModes.Constant, around, around, 0);
        long[] beyond = [.. placed.Ends.Zip(window.Padding, (end, pad) => end - pad)];
        return context.Node("AveragePool", [padded], [.. placed.Attributes(new long[beyond.Length], beyond), ("count_include_pad", false)]);
    }

    private static string Power(OnnxExportContext context, string x, Window window, double p)
    {
        // ONNX's LpPool takes absolute values and whole p only; PyTorch takes powers as they are: (mean of xᵖ · window size)^(1/p).
        string mean = Average(context, context.Node("Pow", [x, context.Scalar("p", p)]), window, countPadding: true, null);
        string sum = context.Node("Mul", [mean, context.Scalar("count", (double)window.Count)]);
        return context.Node("Pow", [sum, context.Scalar("root", 1 / p)]);
    }
}
