using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using KeypointMl.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Forwards registered for modules whose own cannot be traced.</summary>
[TestClass]
public sealed class ReplacedForwardTests
{
    [TestMethod]
    public void Module_with_another_forward_is_exported_and_runs_its_own_afterwards()
    {
        manual_seed(90);
        using var module = nn.Sequential(("first", nn.Linear(4, 4)), ("block", new Foreign()), ("last", nn.Linear(4, 2)));
        OnnxModel model = Parity.Check(
            module, With((block, x) => Functional.add(Inner(block).call(Functional.relu(x)), x)), Parity.Tolerance, [4]);
        Assert.AreEqual("block.relu/Relu", model.Nodes.Single(node => node.OpType == "Relu").Name);
        Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
    }

    [TestMethod]
    public void Exported_module_itself_may_have_another_forward()
    {
        manual_seed(91);
        using var module = new Foreign();
        Parity.Check(module, With((block, x) => Functional.add(Inner(block).call(Functional.relu(x)), x)), Parity.Tolerance, [4]);
    }

    [TestMethod]
    public void Block_that_works_in_place_on_its_argument_does_not_disturb_the_other_forward()
    {
        manual_seed(92);
        using var module = new Foreign(inPlace: true);
        OnnxConverterRegistry converters = OnnxConverterRegistry.BuiltIn.WithForward<Foreign>((block, x) =>
        {
            Tensor rectified = Functional.relu(x);
            return Functional.add(Inner(block).call(rectified), rectified);
        });
        OnnxModel model = OnnxExporter.Export(module, randn(2, 4), new OnnxExportOptions { Converters = converters });
        Tensor input = randn(3, 4);
        using var session = new ModelSession(model);
        Tensor found = session.Run([input])[0];
        Assert.IsLessThan(Parity.Tolerance, Difference.Between(Reference.Of(module, [input.clone()]), [found], "in place").Relative);
    }

    [TestMethod]
    public void Forward_that_computes_something_else_is_refused()
    {
        manual_seed(93);
        using var module = nn.Sequential(("block", new Foreign()));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(
            () => OnnxExporter.Export(module, randn(2, 4), With((block, x) => Inner(block).call(x))));
        StringAssert.Contains(error.Message, "Module 'block' (Foreign) gives other values by the forward registered for it");
    }

    [TestMethod]
    public void Block_whose_layer_gives_other_values_each_time_by_one_dnn_alone_is_exported()
    {
        manual_seed(94);
        using var block = new Foreign();
        nn.Module<Tensor, Tensor> inner = Inner(block);
        inner.register_forward_pre_hook((_, input) =>
        {
            if (LibTorchSwitches.OneDnn)
                inner.get_parameter("bias")!.add_(randn(4));
            return input;
        });
        using var module = nn.Sequential(("block", block));
        OnnxModel model = OnnxExporter.Export(
            module, randn(2, 4), With((foreign, x) => Functional.add(Inner(foreign).call(Functional.relu(x)), x)));
        Assert.AreEqual(1, model.Nodes.Count(node => node.OpType == "Gemm"));
        Assert.IsTrue(LibTorchSwitches.OneDnn);
    }

    [TestMethod]
    public void Type_that_is_no_module_from_tensor_to_tensor_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => OnnxConverterRegistry.BuiltIn.WithForward(typeof(Add), (_, x) => x));

    private static OnnxExportOptions With(Func<Foreign, Tensor, Tensor> forward) =>
        new() { Converters = OnnxConverterRegistry.BuiltIn.WithForward(forward) };

    private static nn.Module<Tensor, Tensor> Inner(nn.Module block) => (nn.Module<Tensor, Tensor>)block.named_children().Single().module;

    private sealed class Foreign : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner = nn.Linear(4, 4);
        private readonly bool inPlace;

        public Foreign(bool inPlace = false)
            : base("foreign")
        {
            this.inPlace = inPlace;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.call(inPlace ? input.relu_() : input.relu()) + input;
    }
}
