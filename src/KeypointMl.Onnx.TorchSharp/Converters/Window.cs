namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The sliding window of a pooling module.</summary>
/// <param name="Kernel">Its size.</param>
/// <param name="Stride">How far it moves.</param>
/// <param name="Padding">How far it may reach out at either end.</param>
/// <param name="Dilation">How far apart its elements are.</param>
/// <param name="CeilMode">Whether an incomplete window at the end counts.</param>
internal sealed record Window(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, bool CeilMode)
{
    /// <summary>From the properties of a module of one dimension.</summary>
    public static Window Of(long kernel, long? stride, long? padding, long? dilation, bool ceilMode) =>
        new([kernel], [stride ?? kernel], [padding ?? 0], [dilation ?? 1], ceilMode);

    /// <summary>From the properties of a module of several dimensions, which leave defaults null.</summary>
    public static Window Of(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceilMode) =>
        new(kernel, stride is { Length: > 0 } ? stride : kernel, padding ?? new long[kernel.Length], dilation ?? [.. kernel.Select(_ => 1L)], ceilMode);

    /// <summary>The attributes that the ONNX pooling operators share.</summary>
    public (string Name, object Value)[] Attributes() =>
    [
        ("ceil_mode", CeilMode),
        ("kernel_shape", Kernel),
        ("pads", (long[])[.. Padding, .. Padding]),
        ("strides", Stride),
    ];

    /// <summary>Refuses what ONNX pools differently.</summary>
    /// <exception cref="OnnxExportException">The input has no batch dimension, or PyTorch drops a last window that ONNX keeps.</exception>
    public void Check(OnnxExportContext context)
    {
        long[] input = context.InputShape(0);
        long[] output = context.OutputShape(0);
        if (input.Length != Kernel.Length + 2)
            throw context.Error($"its input has {input.Length} dimensions; ONNX pools [N,C,…] with {Kernel.Length + 2}. Give a batch of one.");
        for (int axis = 0; CeilMode && axis < Kernel.Length; axis++)
        {
            long covered = input[axis + 2] + (2 * Padding[axis]) - Reach(axis);
            long windows = ((covered + Stride[axis] - 1) / Stride[axis]) + 1;
            if (windows != output[axis + 2])
                throw context.Error("in ceil_mode PyTorch drops a last window that would start in the padding; ONNX keeps it. Choose another stride or padding, or ceil_mode: false.");
        }
    }

    /// <summary>Whether some window reaches beyond the padding at the end.</summary>
    public bool ReachesBeyond(OnnxExportContext context)
    {
        long[] input = context.InputShape(0);
        long[] output = context.OutputShape(0);
        return Enumerable.Range(0, Kernel.Length).Any(axis => ((output[axis + 2] - 1) * Stride[axis]) + Reach(axis) > input[axis + 2] + (2 * Padding[axis]));
    }

    private long Reach(int axis) => (Dilation[axis] * (Kernel[axis] - 1)) + 1;
}
