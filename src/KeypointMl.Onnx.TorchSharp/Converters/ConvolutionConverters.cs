using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp;
using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>
/// Convolutions (ONNX: Conv, behind a Pad where the padding is not zeros) and transposed convolutions (ONNX:
/// ConvTranspose).
/// </summary>
internal static class ConvolutionConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<Conv1d>(Convolve)
        .With<Conv2d>(Convolve)
        .With<Conv3d>(Convolve)
        .With<ConvTranspose1d>(ConvolveTransposed)
        .With<ConvTranspose2d>(ConvolveTransposed)
        .With<ConvTranspose3d>(ConvolveTransposed);

    private static string Convolve(OnnxExportContext context, Convolution module, string x)
    {
        CheckBatched(context, module);
        (long[] begins, long[] ends) = Pads(module);
        if (module.padding_mode is not PaddingModes.Zeros && begins.Concat(ends).Any(pad => pad != 0))
        {
            x = PaddingConverters.Pad(context, x, module.padding_mode, [0, 0, .. begins], [0, 0, .. ends], value: 0);
            begins = new long[begins.Length];
            ends = new long[ends.Length];
        }
        return context.Node(
            "Conv",
            Inputs(context, module, x),
            ("dilations", module.dilation),
            ("group", module.groups),
            ("kernel_shape", module.kernel_size),
            ("pads", (long[])[.. begins, .. ends]),
            ("strides", module.stride));
    }

    private static string ConvolveTransposed(OnnxExportContext context, ConvolutionTranspose module, string x)
    {
        CheckBatched(context, module);
        long[] padding = module.padding!;
        // TorchSharp 0.107 gives the native call only the first element of output_padding, which then serves every dimension.
        long[] outputPadding = [.. padding.Select(_ => module.output_padding[0])];
        return context.Node(
            "ConvTranspose",
            Inputs(context, module, x),
            ("dilations", module.dilation),
            ("group", module.groups),
            ("kernel_shape", module.kernel_size),
            ("output_padding", outputPadding),
            ("pads", (long[])[.. padding, .. padding]),
            ("strides", module.stride));
    }

    private static string[] Inputs(OnnxExportContext context, Convolution module, string x)
    {
        string weight = context.Parameter("weight", module.weight);
        return module.bias is { } bias ? [x, weight, context.Parameter("bias", bias)] : [x, weight];
    }

    private static (long[] Begins, long[] Ends) Pads(Convolution module)
    {
        if (module.padding is { } padding)
            return (padding, padding);
        if (module.padding_type == Padding.Valid)
            return (new long[module.kernel_size.Length], new long[module.kernel_size.Length]);
        // 'same': an odd total puts the larger half at the end, as PyTorch does.
        long[] totals = [.. module.kernel_size.Zip(module.dilation, (size, dilation) => dilation * (size - 1))];
        // Where the padding is not zeros, TorchSharp 0.107 gives the amounts to F.pad in the wrong order: the first
        // dimension's serve the last.
        if (module.padding_mode is not PaddingModes.Zeros)
            Array.Reverse(totals);
        return ([.. totals.Select(total => total / 2)], [.. totals.Select(total => total - (total / 2))]);
    }

    private static void CheckBatched(OnnxExportContext context, Convolution module)
    {
        int rank = context.InputShape(0).Length;
        if (rank != module.kernel_size.Length + 2)
        {
            throw context.Error(
                $"its input has {rank} dimensions; ONNX convolves [N,C,…] with {module.kernel_size.Length + 2}. Give a batch of one.");
        }
    }
}
