using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class ShapeCases
{
    public static CaseFamily Family { get; } = new(
        "Shapes, dropout and windows",
        [
            Case<Flatten>("all but the batch", () => nn.Flatten(), 3, 5, 4),
            Case<Flatten>("the last two", () => nn.Flatten(2, -1), 3, 5, 4),
            Case<Flatten>("the batch too", () => nn.Flatten(0, 1), 3, 5),
            Case<Unflatten>("into 2×3", () => nn.Unflatten(1, [2, 3]), 6, 4),
            Case<PixelShuffle>("by 2", () => nn.PixelShuffle(2), 8, 3, 5),
            Case<PixelShuffle>("by 3", () => nn.PixelShuffle(3), 9, 2, 2),
            Case<PixelUnshuffle>("by 2", () => nn.PixelUnshuffle(2), 3, 6, 4),
            Case<ChannelShuffle>("3 groups", () => nn.ChannelShuffle(3), 6, 4, 5),
            Case<Dropout>("plain", () => nn.Dropout(0.5), 6, 4),
            Case<Dropout>("in place", () => nn.Dropout(0.5, inplace: true), 6, 4),
            Case<Dropout1d>("plain", () => nn.Dropout1d(0.5), 6, 4),
            Case<Dropout2d>("plain", () => nn.Dropout2d(0.5), 6, 4, 2),
            Case<Dropout3d>("plain", () => nn.Dropout3d(0.5), 6, 4, 2, 2),
            Case<AlphaDropout>("plain", () => nn.AlphaDropout(0.5), 6, 4),
            Case<FeatureAlphaDropout>("plain", () => nn.FeatureAlphaDropout(0.5), 6, 4),
            Case<Identity>("plain", () => nn.Identity(), 6, 4),
            Unpooling<MaxUnpool1d>("kernel 2", () => nn.MaxUnpool1d(2), 1, null),
            Unpooling<MaxUnpool2d>("kernel 2", () => nn.MaxUnpool2d(2), 2, null),
            Unpooling<MaxUnpool2d>("kernel 2, to an odd size", () => nn.MaxUnpool2d(2), 2, [7, 9]),
            Unpooling<MaxUnpool3d>("kernel 2", () => nn.MaxUnpool3d(2), 3, null),
        ],
        [
            new(typeof(Unfold), Windows(), choice => Unfolding(choice)),
            new(typeof(Fold), Windows(), choice => Folding(choice)),
        ],
        [
            new(typeof(PixelUnshuffle), "open sizes", () => nn.PixelUnshuffle(2), ParityInput.Normal(2, 3, ParityInput.Batch, 8)),
            new(typeof(PixelUnshuffle), "input without a batch", () => nn.PixelUnshuffle(2), ParityInput.Normal(3, 4, 8)),
            new(typeof(Fold), "input without a batch", () => nn.Fold(4, 2), ParityInput.Normal(8, 9)),
        ]);

    private static ParityCase Case<TModule>(string options, Func<nn.Module> create, params long[] shape) =>
        new(typeof(TModule), options, create, shape);

    private static ParityCase Unpooling<TModule>(string options, Func<nn.Module> create, int rank, long[]? size)
    {
        // The indices come from this library's own operation.
        return new ParityCase(
            typeof(TModule),
            options,
            () =>
            {
                var pool = new MaxPoolWithIndices("pool", [.. Enumerable.Repeat(2L, rank)]);
                nn.Module net = Around.Of(create(), 1, (inner, tensors) =>
                {
                    (Tensor values, Tensor indices) = pool.call(tensors[0]);
                    return [Unpool(inner, values, indices, size)];
                });
                net.register_module("pool", pool);
                return net;
            },
            ParityInput.Normal([ParityInput.Batch, 3, .. Enumerable.Range(0, rank).Select(axis => 6L + (2 * axis))]))
        { Others = new HashSet<string> { "MaxPool", "Mod" } };
    }

    private static Tensor Unpool(nn.Module module, Tensor values, Tensor indices, long[]? size) => module switch
    {
        // TorchSharp 0.107 takes a size of all dimensions only.
        MaxUnpool1d one => one.call(values, indices, null!),
        MaxUnpool2d two => two.call(values, indices, size is null ? null! : [.. values.shape[..2], .. size]),
        _ => ((MaxUnpool3d)module).call(values, indices, null!),
    };

    private static (string Name, object[] Values)[] Windows() =>
    [
        OptionSpace.Numbers("kernel", 2, 1, 3),
        OptionSpace.Numbers("stride", 1, 2, 3),
        OptionSpace.Numbers("padding", 0, 1),
        OptionSpace.Numbers("dilation", 1, 2),
        OptionSpace.Flags("uneven", false),
        OptionSpace.Numbers("opset", 17, 18, 21),
    ];

    private static ParityCase Unfolding(Choice choice)
    {
        ((long, long) kernel, (long, long) dilation, (long, long) padding, (long, long) stride) = Options(choice);
        return new ParityCase(typeof(Unfold), choice.Unusual, () => nn.Unfold(kernel, dilation, padding, stride), new long[] { 2, 7, 8 })
        {
            Opsets = [(int)choice.Number("opset")],
        };
    }

    private static ParityCase Folding(Choice choice)
    {
        ((long, long) kernel, (long, long) dilation, (long, long) padding, (long, long) stride) = Options(choice);
        long windows = Count(7, kernel.Item1, dilation.Item1, padding.Item1, stride.Item1)
            * Count(8, kernel.Item2, dilation.Item2, padding.Item2, stride.Item2);
        return new ParityCase(typeof(Fold), choice.Unusual, () => nn.Fold((7, 8), kernel, dilation, padding, stride),
            new long[] { 2 * kernel.Item1 * kernel.Item2, windows })
        {
            Opsets = [(int)choice.Number("opset")],
        };
    }

    private static ((long, long) Kernel, (long, long) Dilation, (long, long) Padding, (long, long) Stride) Options(Choice choice)
    {
        long more = choice.Flag("uneven") ? 1 : 0;
        (long kernel, long dilation, long padding, long stride) =
            (choice.Number("kernel"), choice.Number("dilation"), choice.Number("padding"), choice.Number("stride"));
        return ((kernel, kernel + more), (dilation, 1), (padding, more), (stride, stride + more));
    }

    private static long Count(long size, long kernel, long dilation, long padding,
        long stride) => ((size + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride) + 1;
}
