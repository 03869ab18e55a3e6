using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using static KeypointMl.Onnx.TorchSharp.Tests.TracerModules;
using static KeypointMl.Onnx.TorchSharp.Tests.UntracedModules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>
/// Operations that the tracer cannot see: named where that is sure, and never tried on libtorch, whose exceptions end
/// the process where TorchSharp does not catch them. These tests end the test host where that happens.
/// </summary>
[TestClass]
public sealed class UntracedOperationTests
{
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Network_of_square_maps_with_functional_operations_is_refused_and_the_block_is_named(
        string block, string hint, Func<nn.Module> create)
    {
        manual_seed(70);
        using nn.Module module = create();
        string message = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 3, 16, 16))).Message;
        StringAssert.Contains(message, $"the forward of {block} made it");
        StringAssert.Contains(message, hint);
    }

    public static IEnumerable<object[]> Networks()
    {
        return
        [
            Case(
                "the exported module (Classifier)",
                "torch.max_pool2d of torch.relu of the result of 'first' (kernel 2, stride 2, padding 0): use ReLU or",
                () => new Classifier()),
            Case(
                "the exported module (Hourglass)",
                "torch.max_pool2d of the result of 'down' (kernel 2, stride 2, padding 0): use MaxPool2d",
                () => new Hourglass(pool: true)),
            Case(
                "the exported module (Hourglass)", "interpolate of the result of 'middle' (nearest): use Upsample",
                () => new Hourglass(pool: false)),
            Case(
                "block '1' (Residual)", "torch.relu of the sum of the result of '1.body' and the result of '0'",
                () => nn.Sequential(nn.Conv2d(3, 5, 3, padding: 1), new Residual(5), nn.Conv2d(5, 2, 1))),
            Case(
                "block '1' (Join)",
                "torch.cat of the result of '1.one' and the result of '1.two' and the result of '1.one' along dimension 1: use",
                () => nn.Sequential(nn.Conv2d(3, 4, 3, padding: 1), new Join(), nn.Conv2d(17, 2, 1))),
            Case("block '0' (Caller)", "torch.sigmoid of the input", () => nn.Sequential(new Caller())),
        ];

        static object[] Case(string block, string hint, Func<nn.Module> create) => [block, hint, create];
    }

    [TestMethod]
    [DynamicData(nameof(EverydayOperations))]
    public void Operation_of_every_day_is_named(string expected, Func<Tensor, Tensor> run)
    {
        manual_seed(71);
        using nn.Module module = Around.Of(nn.Identity(), 1, (inner, x) => [inner.call(run(x[0]))]);
        string message = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 3, 8, 8))).Message;
        StringAssert.Contains(message, $"Its values are those of {expected}");
    }

    public static IEnumerable<object[]> EverydayOperations()
    {
        return
        [
            Case("torch.sigmoid of the input: use Sigmoid", x => x.sigmoid()),
            Case("torch.nn.functional.silu of the input", x => F.silu(x)),
            Case("torch.nn.functional.gelu of the input", x => F.gelu(x)),
            Case("torch.nn.functional.leaky_relu of the input", x => F.leaky_relu(x)),
            Case("torch.log_softmax of the input over dimension 1", x => F.log_softmax(x, 1)),
            Case("torch.max_pool2d of the input (kernel 3, stride 2, padding 1)", x => F.max_pool2d(x, 3, 2, 1)),
            Case("torch.avg_pool2d of the input (kernel 2, stride 2, padding 0)", x => F.avg_pool2d(x, 2)),
            Case("torch.nn.functional.interpolate of the input (nearest)", x => F.interpolate(x, scale_factor: [2, 2])),
            Case(
                "torch.nn.functional.interpolate of the input (bilinear)",
                x => F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: false)),
            Case(
                "torch.nn.functional.interpolate of the input (bilinear, align_corners)",
                x => F.interpolate(x, size: [5, 12], mode: InterpolationMode.Bilinear, align_corners: true)),
            Case("torch.nn.functional.adaptive_avg_pool2d of the input to 3×5", x => F.adaptive_avg_pool2d(x, (3, 5))),
            Case("the mean of the input over dimensions 2 and 3", x => x.mean([2L, 3L])),
            Case("the input under another shape: use Reshape, Flatten", x => x.flatten(1)),
            Case("a copy of the input, as forward() in place of call(), clone, detach, dropout", x => x.clone()),
            Case("torch.matmul of the input and the input", x => x.matmul(x)),
            Case("torch.square of the input", x => x * x),
        ];

        static object[] Case(string expected, Func<Tensor, Tensor> run) => [expected, run];
    }

    [TestMethod]
    [DynamicData(nameof(Unsure))]
    public void Operation_that_cannot_be_known_is_not_named(Func<Tensor, Tensor> run)
    {
        manual_seed(72);
        using nn.Module module = Around.Of(nn.Identity(), 1, (inner, x) => [inner.call(run(x[0]))]);
        string message = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 3, 8, 8))).Message;
        StringAssert.Contains(message, "no traced module made");
        Assert.IsFalse(message.Contains("Its values are those of", StringComparison.Ordinal), message);
    }

    public static IEnumerable<object[]> Unsure()
    {
        return
        [
            Case(x => where(x.gt(100), x, zeros_like(x))),
            Case(x => where(x.gt(0), x, zeros_like(x)).mul(zeros_like(x))),
            Case(x => x - x),
            Case(x => x / x),
            Case(x => where(x.gt(0.5), x, x.neg())),
            Case(x => x.sum().reshape(1)),
            Case(x => x.sin().narrow(0, 0, 1).narrow(1, 0, 1).narrow(2, 0, 1).narrow(3, 0, 1)),
            Case(x => x.cumsum(1)),
            Case(x => x.sign()),
            Case(x => x.to(ScalarType.Float64)),
            Case(x => x.to(ScalarType.Float16)),
            Case(x => x.narrow(1, 0, 0)),
        ];

        static object[] Case(Func<Tensor, Tensor> run) => [run];
    }

    [TestMethod]
    public void Operation_is_not_named_where_the_values_of_the_example_fit_several()
    {
        // Of two windows alike, either is the slice.
        using nn.Module module = Around.Of(nn.Identity(), 1, (inner, x) => [inner.call(x[0].narrow(1, 2, 2))]);
        Tensor example = tensor([1f, 2f, 1f, 2f, 1f, 2f]).reshape(1, 6);
        string message = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, example)).Message;
        Assert.IsFalse(message.Contains("Its values are those of", StringComparison.Ordinal), message);
    }

    [TestMethod]
    public void Hidden_operations_on_tensors_of_any_shape_and_type_end_in_the_documented_exception()
    {
        manual_seed(74);
        var random = new Random(74);
        for (int round = 0; round < 200; round++)
        {
            using IDisposable scope = NewDisposeScope();
            ScalarType type = Types[random.Next(Types.Length)];
            (Tensor one, Tensor two) = (AnyTensor(random, type), AnyTensor(random, type));
            Func<Tensor, Tensor> run = AnyOperation[random.Next(AnyOperation.Length)];
            using nn.Module module = Around.Of(nn.Identity(), 2, (inner, x) => [inner.call(run(x[0])), x[1]]);
            Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, [one, two]), $"round {round}");
        }
    }

    private static readonly ScalarType[] Types =
        [ScalarType.Float32, ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.Int64, ScalarType.Byte];

    private static readonly Func<Tensor, Tensor>[] AnyOperation =
    [
        x => x.clone(),
        x => x.flatten(),
        x => x.unsqueeze(0),
        x => x * 2,
        x => x + x,
        x => x.gt(0),
        x => x.sum(),
        x => x.dim() == 0 ? x.square() : x.sum(-1),
        x => x.dim() == 0 ? x.square() : x.amax([0L], keepdim: true),
        x => x.dim() == 0 ? x.square() : cat([x, x], -1),
        x => x.dim() == 0 ? x.square() : x.narrow(0, x.shape[0] / 2, 1),
        x => x.dim() < 2 ? x.square() : x.transpose(0, 1),
        x => x.expand([2, .. x.shape]),
    ];

    private static Tensor AnyTensor(Random random, ScalarType type)
    {
        long[] shape = [.. Enumerable.Range(0, random.Next(6)).Select(_ => (long)random.Next(1, 5))];
        return rand(shape).mul(20).sub(type == ScalarType.Byte ? 0 : 10).to_type(type);
    }

    [TestMethod]
    public void Operation_on_the_result_of_a_block_names_the_block()
    {
        using var module = new Wrapper(nn.Sequential(new Lambda(inner => x => inner.call(x).exp(), nn.Linear(4, 4))));
        string message = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4))).Message;
        StringAssert.Contains(message, "the forward of block 'inner.0' (Lambda) made it");
    }

    [TestMethod]
    public void Change_in_place_names_the_block_that_runs()
    {
        using var module = new Wrapper(new Lambda(inner => x => inner.call(inner.call(x).add_(1)), nn.Linear(4, 4)));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "block 'inner' (Lambda)");
    }

    [TestMethod]
    [DynamicData(nameof(Strange))]
    public void Tensor_that_no_graph_holds_is_refused_before_it_is_read(string expected, Func<Tensor, Tensor> run)
    {
        using nn.Module given = new Opaque(run);
        using nn.Module handed = Around.Of(nn.Identity(), 1, (inner, x) => [inner.call(run(x[0]))]);
        string gives = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(given, randn(2, 4))).Message;
        string receives = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(handed, randn(2, 4))).Message;
        string example = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(nn.Identity(), run(randn(2, 4)))).Message;
        StringAssert.StartsWith(gives, $"The exported module (Opaque) gives, as result 0, {expected}");
        StringAssert.StartsWith(receives, $"Module 'inner' (Identity) received, as tensor 0, {expected}");
        StringAssert.StartsWith(example, $"Example input 0 is {expected}");
    }

    public static IEnumerable<object[]> Strange()
    {
        return
        [
            Case("a sparse tensor", x => x.to_sparse()),
            Case("a tensor of the device 'meta'", x => x.to(META)),
            Case("a tensor of element type ComplexFloat32", x => x.to(ScalarType.ComplexFloat32)),
        ];

        static object[] Case(string expected, Func<Tensor, Tensor> run) => [expected, run];
    }

    [TestMethod]
    public void Disposed_tensor_is_refused()
    {
        using nn.Module module = Around.Of(new ConcatAll("join", 0), 1, (join, x) =>
        {
            Tensor gone = x[0].clone();
            gone.Dispose();
            return [join.call([x[0], gone])];
        });
        StringAssert.Contains(
            Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4))).Message, "disposed");
    }
}
