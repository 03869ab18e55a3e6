using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests.Onnx;

[TestClass]
public sealed class LayerConverterTests
{
    // Means and variances are sums over hundreds of elements, added in another order.
    private const double NormTolerance = 2e-5;

    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Create, long[] Shape)> _layers = new()
    {
        ["Linear on a matrix"] = (() => nn.Linear(7, 5), [7]),
        ["Linear without bias"] = (() => nn.Linear(7, 5, hasBias: false), [7]),
        ["Linear on a stack"] = (() => nn.Linear(7, 5), [3, 7]),
        ["Linear without bias on a stack"] = (() => nn.Linear(7, 5, hasBias: false), [4, 3, 7]),
        ["BatchNorm1d on a matrix"] = (() => Randomised.State(nn.BatchNorm1d(6)), [6]),
        ["BatchNorm1d"] = (() => Randomised.State(nn.BatchNorm1d(6)), [6, 4]),
        ["BatchNorm2d"] = (() => Randomised.State(nn.BatchNorm2d(6)), [6, 4, 5]),
        ["BatchNorm2d without affine"] = (() => Randomised.State(nn.BatchNorm2d(6, affine: false)), [6, 4, 5]),
        ["BatchNorm3d"] = (() => Randomised.State(nn.BatchNorm3d(6)), [6, 2, 4, 5]),
        ["InstanceNorm1d"] = (() => Randomised.State(nn.InstanceNorm1d(6)), [6, 9]),
        ["InstanceNorm2d"] = (() => Randomised.State(nn.InstanceNorm2d(6)), [6, 4, 5]),
        ["InstanceNorm2d affine"] = (() => Randomised.State(nn.InstanceNorm2d(6, affine: true, eps: 1e-3)), [6, 4, 5]),
        ["InstanceNorm2d tracking"] = (() => Randomised.State(nn.InstanceNorm2d(6, affine: true, track_running_stats: true)), [6, 4, 5]),
        ["InstanceNorm3d"] = (() => Randomised.State(nn.InstanceNorm3d(3)), [3, 4, 5, 2]),
        ["GroupNorm"] = (() => Randomised.State(nn.GroupNorm(3, 6)), [6, 4, 5]),
        ["GroupNorm without affine"] = (() => nn.GroupNorm(2, 6, affine: false), [6, 7]),
        ["LayerNorm"] = (() => Randomised.State(nn.LayerNorm([4, 5])), [6, 4, 5]),
        ["LayerNorm without affine"] = (() => nn.LayerNorm(5, elementwise_affine: false), [6, 5]),
        ["LocalResponseNorm"] = (() => nn.LocalResponseNorm(3, alpha: 0.3, beta: 0.6, k: 1.5), [6, 4, 5]),
        ["MaxPool1d"] = (() => nn.MaxPool1d(3, 2, 1), [4, 11]),
        ["MaxPool2d"] = (() => nn.MaxPool2d(2), [4, 9, 7]),
        ["MaxPool2d with every option"] = (() => nn.MaxPool2d([3, 2], [2, 1], [1, 1], [2, 1], ceil_mode: true), [4, 10, 7]),
        ["MaxPool3d"] = (() => nn.MaxPool3d(2), [2, 4, 5, 6]),
        ["AvgPool1d"] = (() => nn.AvgPool1d(3, 2), [4, 11]),
        ["AvgPool2d"] = (() => nn.AvgPool2d(3, 2), [4, 9, 8]),
        ["AvgPool2d with padding counted"] = (() => nn.AvgPool2d([3, 3], [2, 2], [1, 1]), [4, 9, 8]),
        ["AvgPool2d with padding not counted"] = (() => nn.AvgPool2d([3, 3], [2, 2], [1, 1], count_include_pad: false), [4, 9, 8]),
        ["AvgPool2d of a given divisor"] = (() => nn.AvgPool2d([3, 3], [2, 2], [1, 1], divisor_override: 5), [4, 9, 9]),
        ["AvgPool2d in ceil mode"] = (() => nn.AvgPool2d([3, 3], [2, 2], ceil_mode: true, count_include_pad: false), [4, 8, 10]),
        ["AvgPool3d"] = (() => nn.AvgPool3d(2), [2, 4, 5, 6]),
        ["AdaptiveAvgPool1d"] = (() => nn.AdaptiveAvgPool1d(1), [3, 9]),
        ["AdaptiveAvgPool2d to one"] = (() => nn.AdaptiveAvgPool2d([1, 1]), [3, 5, 9]),
        ["AdaptiveAvgPool2d to divisors"] = (() => nn.AdaptiveAvgPool2d([2, 3]), [3, 6, 9]),
        ["AdaptiveMaxPool2d to one"] = (() => nn.AdaptiveMaxPool2d([1, 1]), [3, 5, 9]),
        ["ZeroPad2d"] = (() => nn.ZeroPad2d((1, 2, 0, 3)), [3, 5, 4]),
        ["ConstantPad1d"] = (() => nn.ConstantPad1d((2, 1), 0.7), [3, 5]),
        ["ConstantPad2d cropping"] = (() => nn.ConstantPad2d((-1, 2, 1, -2), 0.7), [3, 6, 5]),
        ["ReflectionPad2d"] = (() => nn.ReflectionPad2d((1, 2, 3, 0)), [3, 5, 4]),
        ["ReplicationPad2d"] = (() => nn.ReplicationPad2d((1, 2, 3, 0)), [3, 5, 4]),
        ["ReplicationPad3d"] = (() => nn.ReplicationPad3d((1, 2, 3, 0, 1, 1)), [3, 5, 4, 3]),
        ["Flatten"] = (() => nn.Flatten(), [3, 5, 4]),
        ["Flatten of the last"] = (() => nn.Flatten(2, -1), [3, 5, 4]),
        ["Flatten of the batch too"] = (() => nn.Flatten(0, 1), [3, 5]),
        ["Unflatten"] = (() => nn.Unflatten(1, [2, 3]), [6, 4]),
        ["PixelShuffle"] = (() => nn.PixelShuffle(2), [8, 3, 5]),
        ["PixelUnshuffle"] = (() => nn.PixelUnshuffle(2), [3, 6, 4]),
        ["ChannelShuffle"] = (() => nn.ChannelShuffle(3), [6, 4, 5]),
        ["Dropout"] = (() => nn.Dropout(0.5), [6, 4]),
        ["Identity"] = (() => nn.Identity(), [6, 4]),
    };

    public static IEnumerable<object[]> Names => _layers.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Layer_agrees_at_opset_17_and_21(string name)
    {
        manual_seed(30);
        (Func<nn.Module<Tensor, Tensor>> create, long[] shape) = _layers[name];
        using nn.Module<Tensor, Tensor> module = create();
        Parity.Check(module, new OnnxExportOptions(), NormTolerance, shape);
        Parity.Check(module, new OnnxExportOptions { Opset = 21 }, NormTolerance, shape);
    }

    [TestMethod]
    public void Embedding_agrees()
    {
        manual_seed(31);
        using var module = nn.Embedding(11, 4);
        Tensor tokens = randint(0, 11, [2, 5], ScalarType.Int64);
        OnnxModel model = OnnxExporter.Export(module, tokens);
        Parity.Compare(module, model, [randint(0, 11, [3, 5], ScalarType.Int64)]);
    }

    [TestMethod]
    [DataRow(UpsampleMode.Nearest, false)]
    [DataRow(UpsampleMode.Bilinear, false)]
    [DataRow(UpsampleMode.Bilinear, true)]
    [DataRow(UpsampleMode.Bicubic, false)]
    [DataRow(UpsampleMode.Bicubic, true)]
    public void Upsample_by_random_factors_and_to_random_sizes_agrees(UpsampleMode mode, bool alignCorners)
    {
        var random = new Random(32);
        manual_seed(32);
        bool? corners = mode == UpsampleMode.Nearest ? null : alignCorners;
        for (int trial = 0; trial < 12; trial++)
        {
            long[] shape = [2, random.Next(2, 9), random.Next(2, 9)];
            double[] factors = trial < 4 ? [2, 4] : [1 + (random.Next(1, 9) / 4.0), 1 + (random.Next(1, 9) / 4.0)];
            using var byFactor = nn.Upsample(scale_factor: factors, mode: mode, align_corners: corners);
            Parity.Check(byFactor, shape);
            using var toSize = nn.Upsample(size: [random.Next(2, 20), random.Next(2, 20)], mode: mode, align_corners: corners);
            Parity.Check(toSize, shape);
        }
    }

    [TestMethod]
    [DataRow(UpsampleMode.Nearest)]
    [DataRow(UpsampleMode.Bilinear)]
    [DataRow(UpsampleMode.Bicubic)]
    public void Upsample_by_a_factor_too_small_to_change_a_size_agrees(UpsampleMode mode)
    {
        manual_seed(33);
        using var module = nn.Upsample(scale_factor: [1.25, 2.25], mode: mode, align_corners: mode == UpsampleMode.Nearest ? null : false);
        Parity.Check(module, [2, 3, 2]);
    }

    [TestMethod]
    public void Pooling_that_onnx_cannot_do_is_refused_by_name()
    {
        using var uneven = nn.Sequential(("pool", nn.AdaptiveAvgPool2d([2, 2])));
        StringAssert.Contains(Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(uneven, randn(1, 2, 5, 5))).Message, "'pool'");
        using var late = nn.Sequential(("pool", nn.MaxPool2d([2, 2], [3, 3], [1, 1], ceil_mode: true)));
        StringAssert.Contains(Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(late, randn(1, 2, 5, 5))).Message, "ceil_mode");
    }

    [TestMethod]
    public void BatchNorm_without_running_statistics_is_refused_by_name()
    {
        using var module = nn.Sequential(("norm", nn.BatchNorm2d(2, track_running_stats: false)));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(1, 2, 5, 5)));
        StringAssert.Contains(error.Message, "track_running_stats");
    }
}
