using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class ConvolutionCases
{
    private static readonly (string Name, object[] Values)[] Options =
    [
        OptionSpace.Numbers("kernel", 3, 1, 2, 4),
        OptionSpace.Numbers("stride", 1, 2, 3),
        OptionSpace.Any("padding", "0", "1", "2", "same", "valid"),
        OptionSpace.Numbers("dilation", 1, 2),
        OptionSpace.Numbers("groups", 1, 2),
        OptionSpace.Flags("bias", true),
        OptionSpace.Any("padding_mode", PaddingModes.Zeros, PaddingModes.Reflect, PaddingModes.Replicate, PaddingModes.Circular),
        OptionSpace.Flags("uneven", false),
        OptionSpace.Numbers("size", 8, 9),
        OptionSpace.Numbers("opset", 17, 19, 21),
    ];

    private static readonly (string Name, object[] Values)[] TransposedTable =
    [
        OptionSpace.Numbers("kernel", 3, 2, 1),
        OptionSpace.Numbers("stride", 1, 2, 3),
        OptionSpace.Numbers("padding", 0, 1),
        OptionSpace.Numbers("output_padding", 0, 1, 2),
        OptionSpace.Numbers("dilation", 1, 2),
        OptionSpace.Numbers("groups", 1, 2),
        OptionSpace.Flags("bias", true),
        OptionSpace.Flags("uneven", false),
        OptionSpace.Numbers("size", 4, 5),
        OptionSpace.Numbers("opset", 17, 21),
    ];

    public static CaseFamily Family { get; } = new(
        "Convolutions",
        [
            new(typeof(Conv2d), "depthwise", () => nn.Conv2d(6, 6, 3, padding: 1, groups: 6), new long[] { 6, 7, 7 }),
        ],
        [
            new(typeof(Conv1d), Options, choice => Convolution(typeof(Conv1d), 1, choice)),
            new(typeof(Conv2d), Options, choice => Convolution(typeof(Conv2d), 2, choice)),
            new(typeof(Conv3d), Options, choice => Convolution(typeof(Conv3d), 3, choice)),
            new(typeof(ConvTranspose1d), TransposedTable, choice => Transposed(typeof(ConvTranspose1d), 1, choice)),
            new(typeof(ConvTranspose2d), TransposedTable, choice => Transposed(typeof(ConvTranspose2d), 2, choice)),
            new(typeof(ConvTranspose3d), TransposedTable, choice => Transposed(typeof(ConvTranspose3d), 3, choice)),
        ],
        [
            new(typeof(Conv2d), "input without a batch", () => nn.Conv2d(2, 3, 3), ParityInput.Normal(2, 8, 8)),
            new(typeof(ConvTranspose1d), "input without a batch", () => nn.ConvTranspose1d(2, 3, 3), ParityInput.Normal(2, 8)),
        ]);

    private static ParityCase? Convolution(Type type, int rank, Choice choice)
    {
        (long kernel, long stride, long dilation, long groups) =
            (choice.Number("kernel"), choice.Number("stride"), choice.Number("dilation"), choice.Number("groups"));
        string padding = choice.Of<string>("padding");
        long size = choice.Number("size");
        long other = choice.Flag("uneven") ? kernel + 1 : kernel;
        // PyTorch: 'same' needs a stride of 1; padding that mirrors or wraps must be smaller than the input.
        long reach = (dilation * (other - 1)) + 1;
        if ((padding == "same" && stride > 1) || reach > size)
            return null;
        PaddingModes mode = choice.Of<PaddingModes>("padding_mode");
        bool bias = choice.Flag("bias");
        Padding? named = padding switch
        {
            "same" => Padding.Same,
            "valid" => Padding.Valid,
            _ => null,
        };
        long amount = named is null ? long.Parse(padding) : 0;
        return new ParityCase(type, choice.Unusual, Create,
            [ParityInput.Normal([ParityInput.Batch, 2 * groups, .. Enumerable.Range(0, rank).Select(axis => size + axis)])])
        {
            Opsets = [(int)choice.Number("opset")],
        };

        nn.Module Create() => (rank, named) switch
        {
            (1, null) => nn.Conv1d(2 * groups, 3 * groups, kernel, stride, amount, dilation, mode, groups, bias),
            (1, { } name) => nn.Conv1d(2 * groups, 3 * groups, kernel, name, stride, dilation, mode, groups, bias),
            (2, null) => nn.Conv2d(2 * groups, 3 * groups, (kernel, other), (stride, 1), (amount, 0), (dilation, dilation), mode,
                groups, bias),
            (2, { } name) => nn.Conv2d(2 * groups, 3 * groups, (kernel, other), name, (stride, 1), (dilation, dilation), mode,
                groups, bias),
            (_, null) => nn.Conv3d(2 * groups, 3 * groups, (kernel, other, kernel), (stride, 1, 2), (amount, 0, 1),
                (dilation, dilation, 1), mode, groups, bias),
            (_, { } name) => nn.Conv3d(2 * groups, 3 * groups, (kernel, other, kernel), name, (stride, 1, 1), (dilation, dilation, 1),
                mode, groups, bias),
        };
    }

    private static ParityCase? Transposed(Type type, int rank, Choice choice)
    {
        (long kernel, long stride, long padding) = (choice.Number("kernel"), choice.Number("stride"), choice.Number("padding"));
        (long added, long dilation, long groups) = (choice.Number("output_padding"), choice.Number("dilation"), choice.Number("groups"));
        bool bias = choice.Flag("bias");
        // PyTorch: output padding must be smaller than the stride or the dilation.
        if (added >= Math.Max(stride, dilation))
            return null;
        long other = choice.Flag("uneven") ? kernel + 1 : kernel;
        long[] spatial = [.. Enumerable.Range(0, rank).Select(axis => choice.Number("size") + axis)];
        return new ParityCase(type, choice.Unusual, Create, [ParityInput.Normal([ParityInput.Batch, 2 * groups, .. spatial])])
        {
            Opsets = [(int)choice.Number("opset")],
        };

        nn.Module Create() => rank switch
        {
            1 => nn.ConvTranspose1d(2 * groups, 3 * groups, kernel, stride, padding, added, dilation, groups: groups, bias: bias),
            2 => nn.ConvTranspose2d(2 * groups, 3 * groups, (kernel, other), (stride, stride), (padding, 0), (added, added),
                (dilation, dilation), groups: groups, bias: bias),
            _ => nn.ConvTranspose3d(2 * groups, 3 * groups, (kernel, other, kernel), (stride, stride, stride), (padding, 0, padding),
                (added, added, added), (dilation, dilation, dilation), groups: groups, bias: bias),
        };
    }
}
