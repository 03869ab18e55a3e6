using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Forward hooks of the user's on a layer that is exported as a step.</summary>
[TestClass]
public sealed class StepHookTests
{
    [TestMethod]
    public void Hook_that_replaces_the_result_by_what_is_not_traced_is_refused()
    {
        using Linear layer = nn.Linear(4, 4);
        using Sequential module = nn.Sequential(("layer", layer), ("act", nn.ReLU()));
        layer.register_forward_hook((_, _, result) => result * 2);
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "the result of 'layer' multiplied by a number");
    }

    [TestMethod]
    public void Hook_that_changes_the_result_in_place_is_refused()
    {
        using Linear layer = nn.Linear(4, 4);
        layer.register_forward_hook((_, _, result) => result.mul_(2));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(layer, randn(2, 4)));
        StringAssert.Contains(error.Message, "changed in place");
    }

    [TestMethod]
    public void Hook_of_traced_functions_is_exported_and_one_that_looks_on_is_let()
    {
        manual_seed(150);
        int seen = 0;
        using Linear layer = nn.Linear(4, 4);
        layer.register_forward_hook((_, _, result) => Functional.relu(result));
        var onlooker = layer.register_forward_hook((_, _, result) =>
        {
            seen++;
            return result;
        });
        OnnxModel model = Parity.Check(layer, [4]);
        CollectionAssert.AreEqual((string[])["Gemm", "Relu"], model.Nodes.Select(node => node.OpType).ToArray());
        int before = seen;
        onlooker.remove();
        layer.call(randn(2, 4));
        Assert.AreEqual(before, seen);
        Assert.IsGreaterThan(0, before);
    }
}
