using KeypointMl.Onnx.TorchSharp.Emitting;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>The sliding window of a pooling module.</summary>
/// <param name="Kernel">Its size.</param>
/// <param name="Stride">How far it moves.</param>
/// <param name="Padding">How far it may reach out at either end.</param>
/// <param name="Dilation">How far apart its elements are.</param>
/// <param name="CeilMode">Whether an incomplete window at the end counts.</param>
internal sealed record Window(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, bool CeilMode)
{
    /// <summary>How many elements it holds.</summary>
    public long Count => Kernel.Aggregate(1L, (product, size) => product * size);

    /// <summary>From the properties of a module of one dimension.</summary>
    public static Window Of(long kernel, long? stride, long? padding, long? dilation, bool ceilMode) =>
        new([kernel], [stride ?? kernel], [padding ?? 0], [dilation ?? 1], ceilMode);

    /// <summary>From the properties of a module of several dimensions, which leave defaults null.</summary>
    public static Window Of(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceilMode) =>
        new(kernel, stride is { Length: > 0 } ? stride : kernel, padding ?? new long[kernel.Length], dilation
            ?? [.. kernel.Select(_ => 1L)], ceilMode);

    /// <summary>
    /// Places the window on the call's input as PyTorch does. In ceil_mode PyTorch drops a last window that would start
    /// in the padding and ONNX keeps it, so where the sizes are fixed ceil_mode is replaced by the padding at the end
    /// that gives PyTorch's windows.
    /// </summary>
    /// <exception cref="OnnxExportException">
    /// The input has no batch dimension, or its sizes are open and some of them could have a last window that starts in
    /// the padding.
    /// </exception>
    public PlacedWindow Place(OnnxExportContext context)
    {
        long[] input = context.InputShape(0);
        long[] output = context.OutputShape(0);
        if (input.Length != Kernel.Length + 2)
        {
            throw context.Error(
                $"its input has {input.Length} dimensions; ONNX pools [N,C,…] with {Kernel.Length + 2}. Give a batch of one.");
        }
        if (!CeilMode)
            return new PlacedWindow(this, Padding, CeilMode: false);
        if (context.InputDimensions(0).Skip(2).Any(size => !size.IsFixed))
        {
            return Enumerable.Range(0, Kernel.Length).All(axis => Padding[axis] + Stride[axis] <= Reach(axis))
                ? new PlacedWindow(this, Padding, CeilMode: true)
                : throw context.Error(
                    "in ceil_mode PyTorch drops a last window that would start in the padding; "
                    + "ONNX keeps it, and which sizes have one is open at run time. Fix the sizes, or use ceil_mode: false.");
        }
        long[] ends = [.. Enumerable.Range(0, Kernel.Length)
            .Select(axis => Math.Max(
                Padding[axis], ((output[axis + 2] - 1) * Stride[axis]) + Reach(axis) - input[axis + 2] - Padding[axis]))];
        return new PlacedWindow(this, ends, CeilMode: false);
    }

    private long Reach(int axis) => (Dilation[axis] * (Kernel[axis] - 1)) + 1;
}
