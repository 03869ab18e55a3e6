using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class NormalizationCases
{
    // Means and variances are sums over many elements, added in another order, and divided by a small number.
    private const double Tolerance = 2e-5;

    public static CaseFamily Family { get; } = new(
        "Normalisation",
        [
            Case<BatchNorm1d>("on a matrix", () => nn.BatchNorm1d(6), 6),
            Case<BatchNorm1d>("on sequences", () => nn.BatchNorm1d(6), 6, 4),
            Case<BatchNorm2d>("affine", () => nn.BatchNorm2d(6), 6, 4, 5),
            Case<BatchNorm2d>("not affine, eps 0.01", () => nn.BatchNorm2d(6, eps: 0.01, affine: false), 6, 4, 5),
            Case<BatchNorm3d>("affine", () => nn.BatchNorm3d(6), 6, 2, 4, 5),
            Case<InstanceNorm1d>("not affine", () => nn.InstanceNorm1d(6), 6, 9),
            Case<InstanceNorm1d>("tracking", () => nn.InstanceNorm1d(6, track_running_stats: true), 6, 9),
            Case<InstanceNorm2d>("not affine", () => nn.InstanceNorm2d(6), 6, 4, 5),
            Case<InstanceNorm2d>("affine, eps 0.001", () => nn.InstanceNorm2d(6, affine: true, eps: 1e-3), 6, 4, 5),
            Case<InstanceNorm2d>("affine, tracking", () => nn.InstanceNorm2d(6, affine: true, track_running_stats: true), 6, 4, 5),
            Case<InstanceNorm3d>("not affine", () => nn.InstanceNorm3d(3), 3, 4, 5, 2),
            Case<GroupNorm>("affine", () => nn.GroupNorm(3, 6), 6, 4, 5),
            Case<GroupNorm>("not affine, on sequences", () => nn.GroupNorm(2, 6, affine: false), 6, 7),
            Case<GroupNorm>("one group, eps 0.01", () => nn.GroupNorm(1, 6, eps: 0.01), 6, 4, 5),
            Case<LayerNorm>("over two dimensions", () => nn.LayerNorm([4, 5]), 6, 4, 5),
            Case<LayerNorm>("not affine, eps 0.01", () => nn.LayerNorm(5, eps: 0.01, elementwise_affine: false), 6, 5),
            Case<LayerNorm>("without bias", () => nn.LayerNorm(5, bias: false), 6, 5),
            Case<LocalResponseNorm>("size 3", () => nn.LocalResponseNorm(3, alpha: 0.3, beta: 0.6, k: 1.5), 6, 4, 5),
            Case<LocalResponseNorm>("even size 2", () => nn.LocalResponseNorm(2, alpha: 0.3), 6, 4, 5),
            Case<LocalResponseNorm>("even size 4", () => nn.LocalResponseNorm(4, alpha: 0.3, beta: 0.6, k: 1.5), 6, 4, 5),
            Case<LocalResponseNorm>("size 5, on sequences", () => nn.LocalResponseNorm(5, alpha: 0.3), 6, 7),
        ],
        [],
        [
            new(typeof(BatchNorm2d), "without running statistics", () => nn.BatchNorm2d(2, track_running_stats: false),
                new long[] { 2, 5, 5 }),
            new(typeof(InstanceNorm2d), "input without a batch", () => nn.InstanceNorm2d(2), ParityInput.Normal(2, 5, 5)),
        ]);

    private static ParityCase Case<TModule>(string options, Func<nn.Module> create, params long[] shape) =>
        new(typeof(TModule), options, () => Randomised.State(create()), shape)
        {
            Tolerance = Tolerance,
        };
}
