using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>
/// Adaptive pooling (ONNX: GlobalAveragePool and GlobalMaxPool to one element; AveragePool and MaxPool to sizes that
/// divide; else, dimension by dimension, MatMul with a matrix of averages, and Gather and ReduceMax).
/// </summary>
internal static class AdaptivePoolingConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<AdaptiveAvgPool1d>((context, _, x) => Average(context, x, 1))
        .With<AdaptiveAvgPool2d>((context, _, x) => Average(context, x, 2))
        .With<AdaptiveAvgPool3d>((context, _, x) => Average(context, x, 3))
        .With<AdaptiveMaxPool1d>((context, _, x) => Maximum(context, x, 1))
        .With<AdaptiveMaxPool2d>((context, _, x) => Maximum(context, x, 2));

    /// <summary>Writes the mean over windows that cover the input, to the sizes of the call's output.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="x">[N,C,…].</param>
    /// <param name="rank">How many spatial dimensions.</param>
    public static string Average(OnnxExportContext context, string x, int rank)
    {
        if (Simple(context, x, "Average", rank) is { } simple)
            return simple;
        (long[] from, long[] to) = (context.InputShape(0)[2..], context.OutputShape(0)[2..]);
        // The last dimension by X·Aᵀ; each before it as the second to last of a flattened value, by A·X.
        for (int axis = 0; axis < rank; axis++)
        {
            if (from[axis] == to[axis])
                continue;
            using Tensor averages = Averages(from[axis], to[axis]).to_type(context.InputType(0));
            if (axis == rank - 1)
            {
                x = context.Node("MatMul", [x, context.Parameter("averages", averages.t())]);
                continue;
            }
            bool flatten = axis < rank - 2;
            long[] inner = from[(axis + 1)..];
            if (flatten)
                x = context.Node("Reshape", [x, context.Constant("flat", [0, 0, .. to[..axis], from[axis], -1])]);
            x = context.Node("MatMul", [context.Parameter("averages", averages), x]);
            if (flatten)
                x = context.Node("Reshape", [x, context.Constant("unflat", [0, 0, .. to[..(axis + 1)], .. inner])]);
        }
        return x;
    }

    private static string Maximum(OnnxExportContext context, string x, int rank)
    {
        if (Simple(context, x, "Max", rank) is { } simple)
            return simple;
        (long[] from, long[] to) = (context.InputShape(0)[2..], context.OutputShape(0)[2..]);
        for (int axis = 0; axis < rank; axis++)
        {
            if (from[axis] == to[axis])
                continue;
            (long Start, long End)[] windows = [.. Windows(from[axis], to[axis])];
            long widest = windows.Max(window => window.End - window.Start);
            // A narrower window repeats its last element, which does not change its maximum.
            long[] indices = [.. windows.SelectMany(
                window => Enumerable.Range(0, (int)widest).Select(offset => Math.Min(window.Start + offset, window.End - 1)))];
            x = context.Node("Gather", [x, context.Constant("windows", indices, to[axis], widest)], ("axis", axis + 2));
            x = Reducing.Reduce(context, "ReduceMax", x, [axis + 3], keepDims: false);
        }
        return x;
    }

    private static string? Simple(OnnxExportContext context, string x, string kind, int rank)
    {
        if (context.InputShape(0).Length != rank + 2)
        {
            throw context.Error(
                $"its input has {context.InputShape(0).Length} dimensions; ONNX pools [N,C,…] with {rank + 2}. Give a batch of one.");
        }
        (long[] from, long[] to) = (context.InputShape(0)[2..], context.OutputShape(0)[2..]);
        // By a factor, as areas are resampled, the result can be of one element in the example alone.
        if (context.OutputDimensions(0).Skip(2).All(size => size.Value == 1))
            return context.Node($"Global{kind}Pool", [x]);
        OnnxDimension[] sizes = [.. context.InputDimensions(0).Skip(2)];
        if (!sizes.All(size => size.IsFixed))
        {
            throw context.Error(
                $"it pools [{string.Join(',', sizes)}] to [{string.Join(',', to)}] by windows that depend on sizes which are "
                + "open at run time. Fix these sizes, or pool to one element.");
        }
        if (from.Zip(to).Any(axis => axis.First % axis.Second != 0))
            return null;
        long[] window = [.. from.Zip(to, (input, output) => input / output)];
        return context.Node($"{kind}Pool", [x], ("kernel_shape", window), ("strides", window));
    }

    // start_index and end_index of ATen/native/AdaptivePooling.h.
    private static IEnumerable<(long Start, long End)> Windows(long from, long to) =>
        Enumerable.Range(0, (int)to).Select(index => (index * from / to, (((index + 1) * from) + to - 1) / to));

    private static Tensor Averages(long from, long to)
    {
        var matrix = new double[to, from];
        int row = 0;
        foreach ((long start, long end) in Windows(from, to))
        {
            for (long column = start; column < end; column++)
                matrix[row, column] = 1.0 / (end - start);
            row++;
        }
        return tensor(matrix);
    }
}

/// <summary>A pooling window with the padding under which ONNX places it where PyTorch does.</summary>
/// <param name="Window">The window.</param>
/// <param name="Ends">How far it reaches out at the end; at the beginning it is the window's padding.</param>
/// <param name="CeilMode">Whether ONNX's ceil_mode is needed.</param>
internal sealed record PlacedWindow(Window Window, long[] Ends, bool CeilMode)
{
    /// <summary>Whether some window may reach beyond PyTorch's padding.</summary>
    public bool ReachesBeyond => CeilMode || !Ends.SequenceEqual(Window.Padding);

    /// <summary>The attributes that the ONNX pooling operators share.</summary>
    public (string Name, object Value)[] Attributes() => Attributes(Window.Padding, Ends);

    /// <summary>The attributes that the ONNX pooling operators share, with other padding.</summary>
    public (string Name, object Value)[] Attributes(long[] begins, long[] ends) =>
    [
        ("ceil_mode", CeilMode),
        ("kernel_shape", Window.Kernel),
        ("pads", (long[])[.. begins, .. ends]),
        ("strides", Window.Stride),
    ];
}
