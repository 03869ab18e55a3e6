using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class PoolingCases
{
    private static readonly (string Name, object[] Values)[] Window =
    [
        OptionSpace.Numbers("kernel", 2, 1, 3),
        OptionSpace.Numbers("stride", 2, 1, 3),
        OptionSpace.Numbers("padding", 0, 1),
        OptionSpace.Flags("ceil_mode", false),
        OptionSpace.Numbers("size", 8, 7, 9, 10),
        OptionSpace.Numbers("opset", 17, 19, 21),
    ];

    private static readonly (string Name, object[] Values)[] AdaptiveTable =
    [
        OptionSpace.Numbers("to", 1, 2, 3, 4, 7),
        OptionSpace.Numbers("from", 6, 4, 5, 7),
        OptionSpace.Flags("uneven", false),
        OptionSpace.Numbers("opset", 17, 18, 21),
    ];

    private static readonly (string Name, object[] Values)[] MaximumTable = [.. Window, OptionSpace.Numbers("dilation", 1, 2)];
    private static readonly (string Name, object[] Values)[] AverageTable = [.. Window, OptionSpace.Flags("count_include_pad", true)];
    private static readonly (string Name, object[] Values)[] Divided = [.. AverageTable, OptionSpace.Any("divisor_override", "none", "5")];
    private static readonly (string Name, object[] Values)[] PowerTable =
    [
        .. Window.Where(option => option.Name != "padding"), OptionSpace.Any("p", 2.0, 1.0, 4.0, 1.5, 3.0),
    ];

    public static CaseFamily Family { get; } = new(
        "Pooling",
        [
            new(typeof(MaxPool2d), "ceil_mode with open sizes", () => nn.MaxPool2d(3, 2, ceil_mode: true),
                ParityInput.Normal(2, 3, ParityInput.Batch, 8))
            {
                Sizes = [6, 3, 7, 8],
            },
            new(typeof(AvgPool2d),
                "padding counted in a last window that ceil_mode adds", () => nn.AvgPool2d([3, 3], [2, 2], [1, 1], ceil_mode: true),
                ParityInput.Normal(2, 3, 8, 10)),
        ],
        [
            new(typeof(MaxPool1d), MaximumTable, choice => Maximum(typeof(MaxPool1d), 1, choice)),
            new(typeof(MaxPool2d), MaximumTable, choice => Maximum(typeof(MaxPool2d), 2, choice)),
            new(typeof(MaxPool3d), MaximumTable, choice => Maximum(typeof(MaxPool3d), 3, choice)),
            new(typeof(AvgPool1d), AverageTable, choice => Average(typeof(AvgPool1d), 1, choice)) { Count = 60 },
            new(typeof(AvgPool2d), Divided, choice => Average(typeof(AvgPool2d), 2, choice)) { Count = 60 },
            new(typeof(AvgPool3d), Divided, choice => Average(typeof(AvgPool3d), 3, choice)) { Count = 60 },
            new(typeof(LPPool1d), PowerTable, choice => Power(typeof(LPPool1d), 1, choice)),
            new(typeof(LPPool2d), PowerTable, choice => Power(typeof(LPPool2d), 2, choice)),
            new(typeof(AdaptiveAvgPool1d),
                AdaptiveTable, choice => Adaptive(typeof(AdaptiveAvgPool1d), 1, choice, to => nn.AdaptiveAvgPool1d(to[0]))),
            new(typeof(AdaptiveAvgPool2d),
                AdaptiveTable, choice => Adaptive(typeof(AdaptiveAvgPool2d), 2, choice, to => nn.AdaptiveAvgPool2d(to))),
            new(typeof(AdaptiveAvgPool3d),
                AdaptiveTable, choice => Adaptive(typeof(AdaptiveAvgPool3d), 3, choice, to => nn.AdaptiveAvgPool3d(to))),
            new(typeof(AdaptiveMaxPool1d),
                AdaptiveTable, choice => Adaptive(typeof(AdaptiveMaxPool1d), 1, choice, to => nn.AdaptiveMaxPool1d(to[0]))),
            new(typeof(AdaptiveMaxPool2d),
                AdaptiveTable, choice => Adaptive(typeof(AdaptiveMaxPool2d), 2, choice, to => nn.AdaptiveMaxPool2d(to))),
        ],
        [
            new(typeof(MaxPool2d), "input without a batch", () => nn.MaxPool2d(2), ParityInput.Normal(2, 8, 8)),
            new(typeof(MaxPool2d),
                "ceil_mode with open sizes, some of which drop a window", () => nn.MaxPool2d([2, 2], [3, 3], [1, 1], ceil_mode: true),
                ParityInput.Normal(2, 3, ParityInput.Batch, 8)),
            new(typeof(AvgPool2d),
                "ceil_mode and count_include_pad with open sizes", () => nn.AvgPool2d([3, 3], [2, 2], ceil_mode: true),
                ParityInput.Normal(2, 3, ParityInput.Batch, 8)),
            new(typeof(AdaptiveAvgPool2d), "open sizes to more than one element", () => nn.AdaptiveAvgPool2d([2, 2]),
                ParityInput.Normal(2, 3, ParityInput.Batch, 8)),
            new(typeof(AdaptiveMaxPool1d), "input without a batch", () => nn.AdaptiveMaxPool1d(2), ParityInput.Normal(2, 8)),
        ]);

    private static ParityCase? Maximum(Type type, int rank, Choice choice)
    {
        (long kernel, long stride, long padding, long dilation, bool ceil) =
            (choice.Number("kernel"), choice.Number("stride"), choice.Number("padding"), choice.Number("dilation"),
                choice.Flag("ceil_mode"));
        // PyTorch: padding is at most half the window.
        if (2 * padding > kernel)
            return null;
        return Case(type, rank, choice, () => rank switch
        {
            1 => nn.MaxPool1d(kernel, stride, padding, dilation, ceil),
            2 => nn.MaxPool2d([kernel, kernel + 1], [stride, 1], [padding, padding], [dilation, 1], ceil),
            _ => nn.MaxPool3d([kernel, kernel + 1, kernel], [stride, 1, stride], [padding, padding, padding],
                [dilation, 1, dilation], ceil),
        });
    }

    private static ParityCase? Average(Type type, int rank, Choice choice)
    {
        (long kernel, long stride, long padding, bool ceil, bool count) =
            (choice.Number("kernel"), choice.Number("stride"), choice.Number("padding"), choice.Flag("ceil_mode"),
                choice.Flag("count_include_pad"));
        if (2 * padding > kernel)
            return null;
        long? divisor = rank > 1 && choice.Of<string>("divisor_override") != "none"
            ? long.Parse(choice.Of<string>("divisor_override"))
            : null;
        return Case(type, rank, choice, () => rank switch
        {
            1 => nn.AvgPool1d(kernel, stride, padding, ceil, count),
            2 => nn.AvgPool2d([kernel, kernel + 1], [stride, 1], [padding, padding], ceil, count, divisor),
            _ => nn.AvgPool3d([kernel, kernel + 1, kernel], [stride, 1, stride], [padding, padding, padding], ceil, count, divisor),
        });
    }

    private static ParityCase Power(Type type, int rank, Choice choice)
    {
        (long kernel, long stride, bool ceil, double p) =
            (choice.Number("kernel"), choice.Number("stride"), choice.Flag("ceil_mode"), choice.Of<double>("p"));
        // A power that is not even makes sums of either sign, whose roots are no numbers.
        return Case(type, rank,
            choice, () => rank == 1 ? nn.LPPool1d(p, kernel, stride, ceil) : nn.LPPool2d(p, [kernel, kernel + 1], [stride, 1], ceil),
            positive: p % 2 != 0);
    }

    private static ParityCase Adaptive(Type type, int rank, Choice choice, Func<long[], nn.Module> create)
    {
        int step = choice.Flag("uneven") ? 1 : 0;
        long[] to = [.. Enumerable.Range(0, rank).Select(axis => choice.Number("to") + (step * axis))];
        return new ParityCase(type, choice.Unusual, () => create(to),
            [ParityInput.Normal([ParityInput.Batch, 3, .. Enumerable.Repeat(choice.Number("from"), rank)])])
        {
            Opsets = [(int)choice.Number("opset")],
        };
    }

    private static ParityCase Case(Type type, int rank, Choice choice, Func<nn.Module> create, bool positive = false)
    {
        long[] shape = [ParityInput.Batch, 3, .. Enumerable.Range(0, rank).Select(axis => choice.Number("size") - axis)];
        return new ParityCase(type, choice.Unusual, create, positive ? ParityInput.Positive(shape) : ParityInput.Normal(shape))
        {
            Opsets = [(int)choice.Number("opset")],
        };
    }
}
