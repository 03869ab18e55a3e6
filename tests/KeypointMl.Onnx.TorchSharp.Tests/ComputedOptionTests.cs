using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Options of operations that a forward method computes while it runs, which a graph would keep.</summary>
[TestClass]
public sealed class ComputedOptionTests
{
    [TestMethod]
    [DynamicData(nameof(Computed))]
    public void Option_computed_from_an_open_size_is_refused_by_the_names_of_both(string name, string size, Func<Tensor, Tensor> run)
    {
        string message = Assert.ThrowsExactly<OnnxExportException>(() => Export(run)).Message;
        StringAssert.Contains(message, $"'block.{name}'");
        StringAssert.Contains(message, $"when size '{size}' is");
    }

    public static IEnumerable<object[]> Computed()
    {
        return
        [
            Case("interpolate", "H", x => Functional.interpolate(
                Functional.max_pool2d(x, 2), size: [x.shape[2], x.shape[3]], mode: InterpolationMode.Bilinear)),
            Case("r", "N", x => Functional.Call(new Reshape("r", x.shape[0], -1), x)),
            Case("crop", "W", x => Functional.Call(new Slice("crop", 3, 0, x.shape[3] / 2), x)),
            Case("pad", "W", x => Functional.pad(x, [0, 32 - (x.shape[3] % 32)])),
        ];

        static object[] Case(string name, string size, Func<Tensor, Tensor> run) => [name, size, run];
    }

    [TestMethod]
    [DynamicData(nameof(Constant))]
    public void Option_that_stays_is_exported(string name, Func<Tensor, Tensor> run)
    {
        OnnxModel model = Export(run);
        using var block = new Block(run);
        Parity.Compare(block, model, [randn(3, 3, 10, 14)]);
        Assert.IsTrue(model.Nodes.Any(node => node.Name.Contains(name)));
    }

    public static IEnumerable<object[]> Constant()
    {
        return
        [
            Case("interpolate", x => Functional.interpolate(
                Functional.max_pool2d(x, 2), scale_factor: [2.0 * x.shape[1] / 3, 2], mode: InterpolationMode.Bilinear)),
            Case("r", x => Functional.Call(new Reshape("r", -1, x.shape[1]), Functional.adaptive_avg_pool2d(x, 1))),
            Case("crop", x => Functional.Call(new Slice("crop", 3, 0, x.shape[1]), x)),
        ];

        static object[] Case(string name, Func<Tensor, Tensor> run) => [name, run];
    }

    [TestMethod]
    public void Option_computed_from_the_values_of_a_tensor_is_refused()
    {
        using var module = new Block(x => Functional.Call(new Affine("scale", x.sum().item<float>() > 0 ? 2 : 3), x));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, ones(2, 4)));
        StringAssert.Contains(error.Message, "'scale' (Affine) gets other options in a run on other values");
    }

    private static OnnxModel Export(Func<Tensor, Tensor> run)
    {
        using Sequential module = nn.Sequential(("block", new Block(run)));
        return OnnxExporter.Export(module, randn(2, 3, 8, 8), new OnnxExportOptions
        {
            DynamicAxes = [new OnnxDynamicAxis("input", 2, "H"), new OnnxDynamicAxis("input", 3, "W")],
        });
    }

    private sealed class Block(Func<Tensor, Tensor> run) : nn.Module<Tensor, Tensor>("block")
    {
        public override Tensor forward(Tensor input) => run(input);
    }
}
