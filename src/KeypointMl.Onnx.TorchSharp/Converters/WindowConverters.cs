using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>
/// Modules that spread windows out or put them together: Unfold (ONNX: Conv by a kernel of ones and zeros, and
/// Reshape), Fold (Col2Im; before opset 18 Reshape and ConvTranspose) and max-unpooling (ScatterElements).
/// </summary>
internal static class WindowConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<Unfold>(Unfold)
        .With<Fold>(Fold)
        .With<MaxUnpool1d>(Unpool)
        .With<MaxUnpool2d>(Unpool)
        .With<MaxUnpool3d>(Unpool);

    private static string Unfold(OnnxExportContext context, Unfold module, string x)
    {
        long[] shape = context.InputShape(0);
        // [N,C,H,W] → [N,C·k·k,h,w] → [N,C·k·k,h·w]
        string spread = context.Node("Conv", [x, Pickers(context, module.kernel_size, shape[1])],
            Attributes(module.kernel_size, module.dilation, module.padding, module.stride, shape[1]));
        return context.Node("Reshape", [spread, context.Constant("flat", [0, shape[1] * Count(module.kernel_size), -1])]);
    }

    private static string Fold(OnnxExportContext context, Fold module, string x)
    {
        if (context.InputShape(0).Length != 3)
        {
            throw context.Error(
                $"its input has {context.InputShape(0).Length} dimensions; expected [N,C·k·k,windows]. Give a batch of one.");
        }
        ((long height, long width), (long rows, long columns)) = (module.output_size, module.kernel_size);
        (long Vertical, long Horizontal) pads = module.padding;
        if (context.Opset >= 18)
        {
            return context.Node(
                "Col2Im",
                [x, context.Constant("image", [height, width]), context.Constant("block", [rows, columns])],
                ("dilations", Pair(module.dilation)),
                ("pads", (long[])[pads.Vertical, pads.Horizontal, pads.Vertical, pads.Horizontal]),
                ("strides", Pair(module.stride)));
        }
        long channels = context.OutputShape(0)[1];
        (long down, long restDown) = Windows(height, rows, module.dilation.Item1, pads.Vertical, module.stride.Item1);
        (long across, long restAcross) = Windows(width, columns, module.dilation.Item2, pads.Horizontal, module.stride.Item2);
        string windows = context.Node("Reshape", [x, context.Constant("windows", [0, channels * rows * columns, down, across])]);
        return context.Node(
            "ConvTranspose",
            [windows, Pickers(context, module.kernel_size, channels)],
            [.. Attributes(module.kernel_size, module.dilation, module.padding, module.stride, channels),
                ("output_padding", (long[])[restDown, restAcross])]);
    }

    private static IReadOnlyList<string> Unpool(OnnxExportContext context, nn.Module module, IReadOnlyList<string> inputs)
    {
        // [N,C,…] → [N,C,−1], scattered into zeros [N,C,plane] → [N,C,…]
        OnnxDimension[] spatial = [.. context.OutputDimensions(0).Skip(2)];
        if (context.InputShape(0).Length < 3 || !spatial.All(size => size.IsFixed))
        {
            throw context.Error(
                $"it gives [{string.Join(',', context.OutputDimensions(0))}]; expected [N,C,…] with fixed spatial sizes. "
                + "Give a batch of one, and fix the sizes.");
        }
        long plane = spatial.Aggregate(1L, (product, size) => product * size.Value!.Value);
        string flat = context.Constant("flat", (long[])[0, 0, -1]);
        string size = context.Node("Concat",
            [context.Node("Shape", [inputs[0]], ("end", 2), ("start", 0)), context.Constant("plane", [plane])], ("axis", 0));
        string zeros = context.Node("Expand", [context.Scalar("zero", 0.0), size]);
        string scattered = context.Node("ScatterElements",
            [zeros, context.Node("Reshape", [inputs[1], flat]), context.Node("Reshape", [inputs[0], flat])], ("axis", 2));
        return [context.Node("Reshape", [scattered, context.Constant("shape", [0, 0, .. spatial.Select(size => size.Value!.Value)])])];
    }

    /// <summary>A kernel [C·k·k,1,k,k] whose every output picks one element of a channel's window.</summary>
    private static string Pickers(OnnxExportContext context, (long Rows, long Columns) kernel, long channels)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor pickers = eye(kernel.Rows * kernel.Columns, dtype: context.InputType(0)).reshape(-1, 1, kernel.Rows, kernel.Columns);
        return context.Parameter("pickers", pickers.repeat(channels, 1, 1, 1));
    }

    private static (string Name, object Value)[] Attributes(
        (long, long) kernel,
        (long, long) dilation,
        (long Vertical, long Horizontal) padding,
        (long, long) stride,
        long groups) =>
    [
        ("dilations", Pair(dilation)),
        ("group", groups),
        ("kernel_shape", Pair(kernel)),
        ("pads", (long[])[padding.Vertical, padding.Horizontal, padding.Vertical, padding.Horizontal]),
        ("strides", Pair(stride)),
    ];

    private static (long Count, long Left) Windows(long size, long kernel, long dilation, long padding, long stride)
    {
        long moves = size + (2 * padding) - (dilation * (kernel - 1)) - 1;
        return ((moves / stride) + 1, moves % stride);
    }

    private static long Count((long Rows, long Columns) kernel) => kernel.Rows * kernel.Columns;

    private static long[] Pair((long, long) pair) => [pair.Item1, pair.Item2];
}
