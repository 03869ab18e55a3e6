using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Traced = KeypointMl.Onnx.TorchSharp.Functional;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Functions that exports see: outside of an export those of TorchSharp, inside of one the same numbers in ONNX Runtime.</summary>
[TestClass]
public sealed class FunctionalTests
{
    [TestMethod]
    [DynamicData(nameof(Functions))]
    public void Function_gives_what_that_of_TorchSharp_gives_and_so_does_its_graph(
        string name, Func<Tensor, Tensor> traced, Func<Tensor, Tensor> own)
    {
        manual_seed(80);
        Tensor input = randn(2, 4, 8, 6);
        Assert.IsTrue(own(input).Equals(traced(input)), name);
        using var module = new Function(traced);
        OnnxModel model = Parity.Check(module, [4, 8, 6]);
        Assert.IsTrue(model.Nodes.Any(node => node.Name.StartsWith($"{name}/", StringComparison.Ordinal)), name);
    }

    [TestMethod]
    public void Every_function_has_a_case()
    {
        string[] expected = [
            .. typeof(Traced).GetMethods().Where(method => method.IsStatic && char.IsLower(method.Name[0]))
                .Select(method => method.Name).Distinct().Order(StringComparer.Ordinal)];
        string[] found = [.. Functions().Select(row => (string)row[0]).Append("dropout").Distinct().Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(expected, found);
    }

    public static IEnumerable<object[]> Functions()
    {
        return
        [
            Case("relu", x => Traced.relu(x), x => F.relu(x)),
            Case("relu6", x => Traced.relu6(Traced.Call(new Affine("widen", 8), x)), x => F.relu6(x * 8)),
            Case("leaky_relu", x => Traced.leaky_relu(x, 0.2), x => F.leaky_relu(x, 0.2)),
            Case("elu", x => Traced.elu(x, 0.7), x => F.elu(x, 0.7)),
            Case("gelu", x => Traced.gelu(x), x => F.gelu(x)),
            Case("silu", x => Traced.silu(x), x => F.silu(x)),
            Case("hardswish", x => Traced.hardswish(x), x => F.hardswish(x)),
            Case("sigmoid", x => Traced.sigmoid(x), x => F.sigmoid(x)),
            Case("tanh", x => Traced.tanh(x), x => F.tanh(x)),
            Case("softmax", x => Traced.softmax(x, 1), x => F.softmax(x, 1)),
            Case("log_softmax", x => Traced.log_softmax(x, -1), x => F.log_softmax(x, -1)),
            Case("max_pool2d", x => Traced.max_pool2d(x, 2), x => F.max_pool2d(x, 2)),
            Case("max_pool2d", x => Traced.max_pool2d(x, 3, 2, 1, 1, true), x => F.max_pool2d(x, 3, 2, 1, 1, true)),
            Case("avg_pool2d", x => Traced.avg_pool2d(x, 2), x => F.avg_pool2d(x, 2)),
            Case(
                "avg_pool2d", x => Traced.avg_pool2d(x, 3, 1, 1, count_include_pad: false),
                x => F.avg_pool2d(x, 3, 1, 1, count_include_pad: false)),
            Case("adaptive_avg_pool2d", x => Traced.adaptive_avg_pool2d(x, 1), x => F.adaptive_avg_pool2d(x, 1)),
            Case("adaptive_avg_pool2d", x => Traced.adaptive_avg_pool2d(x, (4, 3)), x => F.adaptive_avg_pool2d(x, (4, 3))),
            Case("interpolate", x => Traced.interpolate(x, scale_factor: [2, 2]), x => F.interpolate(x, scale_factor: [2, 2])),
            Case(
                "interpolate", x => Traced.interpolate(x, size: [5, 9], mode: InterpolationMode.Bilinear, align_corners: true),
                x => F.interpolate(x, size: [5, 9], mode: InterpolationMode.Bilinear, align_corners: true)),
            Case("pad", x => Traced.pad(x, [1, 2, 0, 1], PaddingModes.Reflect), x => F.pad(x, [1, 2, 0, 1], PaddingModes.Reflect)),
            Case("flatten", x => Traced.flatten(x, 1), x => x.flatten(1)),
            Case("flatten", x => Traced.flatten(x, 1, 2), x => x.flatten(1, 2)),
            Case("cat", x => Traced.cat([x, x, x], 1), x => cat([x, x, x], 1)),
            Case("add", x => Traced.add(x, x), x => x + x),
            Case("mul", x => Traced.mul(x, x), x => x * x),
            Case(
                "matmul", x => Traced.matmul(Traced.flatten(x, 2), Traced.Call(new Transpose("turn", 1, 2), Traced.flatten(x, 2))),
                x => x.flatten(2).matmul(x.flatten(2).transpose(1, 2))),
        ];

        static object[] Case(string name, Func<Tensor, Tensor> traced, Func<Tensor, Tensor> own) => [name, traced, own];
    }

    [TestMethod]
    public void Function_in_a_block_is_written_under_the_block_and_training_does_not_see_it()
    {
        manual_seed(81);
        using var block = new Function(x => Traced.relu(x));
        using var module = nn.Sequential(("conv", nn.Conv2d(3, 4, 1)), ("block", block));
        OnnxModel model = Parity.Check(module, [3, 4, 4]);
        Assert.AreEqual("block.relu/Relu", model.Nodes[^1].Name);
        Assert.IsEmpty(block.named_children().ToArray());
    }

    [TestMethod]
    public void Function_in_place_changes_what_later_readers_get()
    {
        manual_seed(82);
        using var module = new Function(x =>
        {
            Tensor hidden = Traced.Call(new Affine("shift", 1, 0.5), x);
            return Traced.add(Traced.relu(hidden, inplace: true), hidden);
        });
        Parity.Check(module, [4]);
    }

    [TestMethod]
    public void Operation_kept_by_its_module_and_called_twice_is_written_twice()
    {
        var half = new Affine("half", 0.5);
        using var module = new Function(x => Traced.Call(half, Traced.Call(half, x)));
        CollectionAssert.AreEqual((string[])["Mul", "Mul"], Parity.Check(module, [4]).Nodes.Select(node => node.OpType).ToArray());
    }

    [TestMethod]
    public void Dropout_leaves_no_node_and_is_refused_where_it_is_active()
    {
        using var quiet = new Function(x => Traced.relu(Traced.dropout(x, 0.9, training: false)));
        using var active = new Function(x => Traced.dropout(x, 0.9));
        Assert.AreEqual("Relu", Parity.Check(quiet, [4]).Nodes.Single().OpType);
        StringAssert.Contains(
            Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(active, randn(2, 4))).Message, "training: this.training");
        Assert.IsTrue(Traced.dropout(ones(50), 0.9).eq(0).any().item<bool>());
    }

    [TestMethod]
    public void Function_without_a_converter_in_the_registry_is_refused()
    {
        using var module = new Function(x => Traced.relu(x));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(
            () => OnnxExporter.Export(module, randn(2, 4), new OnnxExportOptions { Converters = OnnxConverterRegistry.Empty }));
        StringAssert.Contains(error.Message, "'relu' (ReLU) has no converter");
    }

    [TestMethod]
    public void Export_that_fails_leaves_functions_as_they_were()
    {
        using var module = new Function(x => Traced.relu(x + 1));
        Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        Assert.AreEqual(0f, Traced.relu(tensor(-1f)).item<float>());
    }

    private sealed class Function(Func<Tensor, Tensor> run) : nn.Module<Tensor, Tensor>("function")
    {
        public override Tensor forward(Tensor input) => run(input);
    }
}
