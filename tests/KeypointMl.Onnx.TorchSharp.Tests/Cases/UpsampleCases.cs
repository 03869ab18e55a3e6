using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class UpsampleCases
{
    private static readonly object[] Targets = ["by 2", "by 1.5", "by 2.25", "by 1.1", "by 3", "to 4", "to 5", "to 11"];

    public static CaseFamily Family { get; } = new(
        "Resampling",
        [
            Interpolation("by 2 and 0.5, bilinear", () => Interpolate.By("op", [2, 0.5], InterpolationMode.Bilinear), 4, 6),
            Interpolation("by 1.5 and 0.4, nearest", () => Interpolate.By("op", [1.5, 0.4], InterpolationMode.Nearest), 4, 6),
            Interpolation("by 1.5 and 0.4, nearest-exact", () => Interpolate.By("op", [1.5, 0.4], InterpolationMode.NearestExact), 4, 6),
            Interpolation("by 2, nearest-exact", () => Interpolate.By("op", [2, 2], InterpolationMode.NearestExact), 4, 6),
            Interpolation("to 5×3, bilinear, align_corners", () =>
                Interpolate.To("op", [5, 3], InterpolationMode.Bilinear, alignCorners: true), 4, 6),
            Interpolation("to 5×3, area", () => Interpolate.To("op", [5, 3], InterpolationMode.Area), 4, 6),
            Interpolation("by 0.5, area", () => Interpolate.By("op", [0.5, 0.5], InterpolationMode.Area), 4, 6),
            Interpolation("to 5×3×4, trilinear", () => Interpolate.To("op", [5, 3, 4], InterpolationMode.Trilinear), 4, 6, 3),
            Interpolation("to 7, linear", () => Interpolate.To("op", [7], InterpolationMode.Linear), 4),
            Interpolation("to 9×4, bicubic", () => Interpolate.To("op", [9, 4], InterpolationMode.Bicubic), 4, 6),
            new(typeof(Interpolate),
                "to 6×6 from an open size, bilinear", () => Interpolate.To("op", [6, 6], InterpolationMode.Bilinear),
                ParityInput.Normal(2, 3, ParityInput.Batch, 6)),
            new(typeof(Interpolate), "by 2 from an open size, nearest", () => Interpolate.By("op", [2, 2], InterpolationMode.Nearest),
                ParityInput.Normal(2, 3, ParityInput.Batch, 6)),
        ],
        [
            new(
                typeof(Upsample),
                [
                    OptionSpace.Any("mode", UpsampleMode.Bilinear, UpsampleMode.Nearest, UpsampleMode.Bicubic, UpsampleMode.Linear,
                        UpsampleMode.Trilinear),
                    ("target", Targets),
                    OptionSpace.Flags("align_corners", false),
                    OptionSpace.Flags("recompute_scale_factor", false),
                    OptionSpace.Numbers("dimensions", 2, 1, 3),
                    OptionSpace.Numbers("size", 4, 3, 7),
                    OptionSpace.Numbers("opset", 17, 18, 19, 21),
                ],
                Upsampling) { Count = 80 },
        ],
        [
            new(typeof(Upsample),
                "nearest by a fraction from open sizes", () => nn.Upsample(scale_factor: [1.5, 1.5], mode: UpsampleMode.Nearest),
                ParityInput.Normal(2, 3, ParityInput.Batch, 8)),
            new(typeof(Interpolate), "nearest to a size from open sizes, by a whole factor in the example",
                () => Interpolate.To("op", [8, 8], InterpolationMode.Nearest), ParityInput.Normal(2, 3, ParityInput.Batch, 4)),
            new(typeof(Interpolate), "nearest-exact to a size from open sizes",
                () => Interpolate.To("op", [4, 8], InterpolationMode.NearestExact), ParityInput.Normal(2, 3, ParityInput.Batch, 4)),
            new(
                typeof(Upsample),
                "recompute_scale_factor from open sizes",
                () => nn.Upsample(scale_factor: [1.5, 1.5], mode: UpsampleMode.Bilinear, align_corners: false,
                    recompute_scale_factor: true),
                ParityInput.Normal(2, 3, ParityInput.Batch, 8)),
        ]);

    private static ParityCase? Upsampling(Choice choice)
    {
        UpsampleMode mode = choice.Of<UpsampleMode>("mode");
        int rank = (int)choice.Number("dimensions");
        bool corners = choice.Flag("align_corners");
        bool fits = mode switch
        {
            UpsampleMode.Linear => rank == 1,
            UpsampleMode.Bilinear or UpsampleMode.Bicubic => rank == 2,
            UpsampleMode.Trilinear => rank == 3,
            _ => !corners,
        };
        string[] target = choice.Of<string>("target").Split(' ');
        bool recompute = choice.Flag("recompute_scale_factor");
        if (!fits || (recompute && target[0] == "to"))
            return null;
        double[]? factors = target[0] == "by" ? [.. Enumerable.Repeat(double.Parse(target[1]), rank)] : null;
        long[]? sizes = target[0] == "to" ? [.. Enumerable.Range(0, rank).Select(axis => long.Parse(target[1]) + axis)] : null;
        long[] shape = [ParityInput.Batch, 2, .. Enumerable.Range(0, rank).Select(axis => choice.Number("size") + axis)];
        return new ParityCase(
            typeof(Upsample),
            choice.Unusual,
            () => nn.Upsample(sizes, factors, mode, mode == UpsampleMode.Nearest ? null : corners, recompute ? true : null),
            ParityInput.Normal(shape))
        { Opsets = [(int)choice.Number("opset")] };
    }

    private static ParityCase Interpolation(string options, Func<nn.Module> create, params long[] size) =>
        new(typeof(Interpolate), options, create, ParityInput.Normal([ParityInput.Batch, 2, .. size]));
}
