using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class PaddingCases
{
    private static readonly (string Name, object[] Values)[] Options =
    [
        OptionSpace.Numbers("before", 1, 0, 2, -1),
        OptionSpace.Numbers("after", 0, 1, 3, -2),
        OptionSpace.Flags("uneven", false),
        OptionSpace.Numbers("opset", 17, 18, 19, 21),
    ];

    public static CaseFamily Family { get; } = new(
        "Padding",
        [
            new(typeof(Pad), "the last dimension, value −1", () => new Pad("op", [1, 2], value: -1), new long[] { 2, 5, 6 }),
        ],
        [
            Space<ZeroPad2d>(2, pads => nn.ZeroPad2d(Four(pads))),
            Space<ConstantPad1d>(1, pads => nn.ConstantPad1d(Two(pads), 0.7)),
            Space<ConstantPad2d>(2, pads => nn.ConstantPad2d(Four(pads), 0.7)),
            Space<ConstantPad3d>(3, pads => nn.ConstantPad3d(Six(pads), 0.7)),
            Space<ReflectionPad1d>(1, pads => nn.ReflectionPad1d(Two(pads))),
            Space<ReflectionPad2d>(2, pads => nn.ReflectionPad2d(Four(pads))),
            Space<ReflectionPad3d>(3, pads => nn.ReflectionPad3d(Six(pads))),
            Space<ReplicationPad1d>(1, pads => nn.ReplicationPad1d(Two(pads))),
            Space<ReplicationPad2d>(2, pads => nn.ReplicationPad2d(Four(pads))),
            Space<ReplicationPad3d>(3, pads => nn.ReplicationPad3d(Six(pads))),
            new(
                typeof(Pad),
                [.. Options, OptionSpace.Any(
                    "mode", PaddingModes.Constant, PaddingModes.Reflect, PaddingModes.Replicate, PaddingModes.Circular)],
                choice =>
                {
                    long[] pads = Pads(2, choice);
                    PaddingModes mode = choice.Of<PaddingModes>("mode");
                    return mode == PaddingModes.Circular && pads.Any(pad => pad < 0)
                        ? null
                        : new ParityCase(typeof(Pad),
                            choice.Unusual, () => new Pad("op", pads, mode, mode == PaddingModes.Constant ? 0.7 : 0),
                            new long[] { 3, 5, 6 })
                        {
                            Opsets = [(int)choice.Number("opset")],
                        };
                }),
        ],
        [
            new(typeof(Pad), "circular, taking elements away", () => new Pad("op", [-1, 1], PaddingModes.Circular),
                ParityInput.Normal(2, 3, 5)),
        ]);

    private static OptionSpace Space<TModule>(int rank, Func<long[], nn.Module> create) => new(
        typeof(TModule),
        Options,
        choice => new ParityCase(typeof(TModule), choice.Unusual, () => create(Pads(rank, choice)),
            ParityInput.Normal([ParityInput.Batch, 2, .. Enumerable.Range(5, rank).Select(size => (long)size)]))
        {
            Opsets = [(int)choice.Number("opset")],
        })
    { Count = 20 };

    private static long[] Pads(int rank, Choice choice)
    {
        (long before, long after) = (choice.Number("before"), choice.Number("after"));
        return [.. Enumerable.Range(0, rank)
            .SelectMany(axis => choice.Flag("uneven") && axis % 2 == 1 ? new[] { after, before } : [before, after])];
    }

    private static (long, long) Two(long[] pads) => (pads[0], pads[1]);

    private static (long, long, long, long) Four(long[] pads) => (pads[0], pads[1], pads[2], pads[3]);

    private static (long, long, long, long, long, long) Six(long[] pads) => (pads[0], pads[1], pads[2], pads[3], pads[4], pads[5]);
}
