using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Pooling (ONNX: MaxPool, AveragePool, and for adaptive pooling to one element GlobalMaxPool and GlobalAveragePool).</summary>
internal static class PoolingConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<MaxPool1d>((context, module, x) => Max(context, x, Window.Of(module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode)))
        .With<MaxPool2d>((context, module, x) => Max(context, x, Window.Of(module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode)))
        .With<MaxPool3d>((context, module, x) => Max(context, x, Window.Of(module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode)))
        .With<AvgPool1d>((context, module, x) => Average(context, x, Window.Of(module.kernel_size, module.stride, module.padding, null, module.ceil_mode), module.count_include_pad, null))
        .With<AvgPool2d>((context, module, x) => Average(context, x, Window.Of(module.kernel_size, module.stride, module.padding, null, module.ceil_mode), module.count_include_pad, module.divisor_override))
        .With<AvgPool3d>((context, module, x) => Average(context, x, Window.Of(module.kernel_size, module.stride, module.padding, null, module.ceil_mode), module.count_include_pad, module.divisor_override))
        .With<AdaptiveAvgPool1d>((context, _, x) => Adaptive(context, x, "Average"))
        .With<AdaptiveAvgPool2d>((context, _, x) => Adaptive(context, x, "Average"))
        .With<AdaptiveAvgPool3d>((context, _, x) => Adaptive(context, x, "Average"))
        .With<AdaptiveMaxPool1d>((context, _, x) => Adaptive(context, x, "Max"))
        .With<AdaptiveMaxPool2d>((context, _, x) => Adaptive(context, x, "Max"))
        .With<AdaptiveMaxPool3d>((context, _, x) => Adaptive(context, x, "Max"));

    private static string Max(OnnxExportContext context, string x, Window window)
    {
        window.Check(context);
        return context.Node("MaxPool", [x], [.. window.Attributes(), ("dilations", window.Dilation)]);
    }

    private static string Average(OnnxExportContext context, string x, Window window, bool countPadding, long? divisor)
    {
        window.Check(context);
        if (window.CeilMode && (divisor is not null || countPadding) && window.ReachesBeyond(context))
            throw context.Error("in ceil_mode a window reaches beyond the padding, where PyTorch and ONNX divide by different counts. Pad the input, or use count_include_pad: false.");
        string mean = context.Node("AveragePool", [x], [.. window.Attributes(), ("count_include_pad", countPadding || divisor is not null)]);
        if (divisor is not { } by)
            return mean;
        double elements = window.Kernel.Aggregate(1.0, (product, size) => product * size);
        return context.Node("Mul", [mean, context.Scalar("divisor", elements / by)]);
    }

    private static string Adaptive(OnnxExportContext context, string x, string kind)
    {
        long[] input = context.InputShape(0)[2..];
        long[] output = context.OutputShape(0)[2..];
        if (output.All(size => size == 1))
            return context.Node($"Global{kind}Pool", [x]);
        bool isFixed = context.InputDimensions(0).Skip(2).All(dimension => dimension.IsFixed);
        if (!isFixed || input.Zip(output).Any(pair => pair.First % pair.Second != 0))
        {
            throw context.Error(
                $"it pools [{string.Join(',', context.InputDimensions(0).Skip(2))}] to [{string.Join(',', output)}] by windows of different sizes, which ONNX lacks. Pool to one element, or to sizes that divide fixed input sizes.");
        }
        long[] window = [.. input.Zip(output, (from, to) => from / to)];
        return context.Node($"{kind}Pool", [x], ("kernel_shape", window), ("strides", window));
    }
}
