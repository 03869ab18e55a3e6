using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Tracing;
using TorchSharp.Modules;
using static KeypointMl.Onnx.TorchSharp.Tests.TracerModules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

[TestClass]
public sealed class TracerRefusalTests
{
    [TestMethod]
    public void Operation_in_a_forward_method_is_refused_with_the_path_the_shape_and_the_way_out()
    {
        using var module = new Wrapper(new Lambda(inner => x => inner.call(x + 1), nn.Linear(4, 3)));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "'inner.inner' (Linear)");
        StringAssert.Contains(error.Message, "[2,4]");
        StringAssert.Contains(error.Message, "IOnnxExportable");
    }

    [TestMethod]
    public void Operation_on_the_result_is_refused()
    {
        using var module = new Lambda(inner => x => inner.call(x).exp(), nn.Linear(4, 3));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "result 0");
        StringAssert.Contains(error.Message, "'inner'");
    }

    [TestMethod]
    [DynamicData(nameof(HiddenOperations))]
    public void Hidden_operation_is_named(string expected, Func<Linear, Func<Tensor, Tensor>> run)
    {
        manual_seed(49);
        using var module = new Wrapper(new Lambda(run, nn.Linear(4, 4)));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(4, 4)));
        StringAssert.Contains(error.Message, $"Its values are those of {expected}");
        StringAssert.Contains(error.Message, "in Lambda.forward (TracerModules.cs, line ");
    }

    public static IEnumerable<object[]> HiddenOperations()
    {
        return
        [
            Case("a copy of the input", inner => x => inner.call(x.clone())),
            Case("the input with a number added: use Affine", inner => x => inner.call(x + 0.7)),
            Case("the input multiplied by a number: use Affine", inner => x => inner.call(x * -3)),
            Case("torch.relu of the input: use ReLU", inner => x => inner.call(x.relu())),
            Case("torch.softmax of the input over dimension 1", inner => x => inner.call(x.softmax(1))),
            Case("the result of 'inner.inner' + the input: use Add", inner => x => inner.call(inner.call(x) + x)),
            Case("torch.matmul of the input and the input: use MatrixMultiply", inner => x => inner.call(x.matmul(x))),
            Case("torch.cat of the input and the input along dimension 0: use Concat", inner => x => inner.call(cat([x, x]))),
            Case("the input under another shape: use Reshape", inner => x => inner.call(x.view(2, 2, 4))),
            Case("the input with its dimensions in the order (1, 0)", inner => x => inner.call(x.t())),
            Case("elements 1 to 3 of dimension 0 of the input: use Slice", inner => x => inner.call(x[TensorIndex.Slice(1)])),
            Case("the mean of the input over dimension 0: use Mean", inner => x => inner.call(x.mean([0L]))),
        ];

        static object[] Case(string expected, Func<Linear, Func<Tensor, Tensor>> run) => [expected, run];
    }

    [TestMethod]
    public void Forward_in_place_of_call_is_refused()
    {
        using var module = new Lambda(inner => x => inner.forward(x), nn.Linear(4, 3));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "forward() in place of call()");
    }

    [TestMethod]
    public void Module_without_a_converter_is_refused_by_name()
    {
        using var module = new Wrapper(new Doubling());
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "'inner' (Doubling) has no converter");
    }

    [TestMethod]
    public void Change_in_place_outside_of_modules_is_refused()
    {
        using var module = new Lambda(
            inner => x =>
            {
                Tensor hidden = inner.call(x);
                hidden.add_(1);
                return hidden;
            },
            nn.Linear(4, 4));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "changed in place");
    }

    [TestMethod]
    public void Wrong_number_of_names_or_examples_is_refused()
    {
        using var module = new TwoByTwo();
        StringAssert.Contains(
            Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, [randn(2, 4), randn(2, 4)], new OnnxExportOptions
            {
                InputNames = ["a"],
            })).Message, "InputNames");
        Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, [randn(2, 4), randn(2, 4), randn(2, 4)]));
    }

    [TestMethod]
    public void Choice_by_the_batch_size_is_refused()
    {
        using var module = new ByBatch();
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "size 'N' is 4");
    }

    [TestMethod]
    public void Choice_by_the_values_of_a_tensor_is_refused()
    {
        using var module = new BySign();
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, ones(2, 4)));
        StringAssert.Contains(error.Message, "'positive' (ReLU)");
        StringAssert.Contains(error.Message, "'negative' (Tanh)");
        StringAssert.Contains(error.Message, "depends on the values of a tensor");
    }

    [TestMethod]
    public void Choice_by_the_values_of_a_tensor_is_frozen_as_the_example_took_it_where_the_check_is_off()
    {
        using var module = new BySign();
        OnnxModel model = OnnxExporter.Export(module, ones(2, 4), new OnnxExportOptions { CheckRepeatability = false });
        Assert.AreEqual("Relu", model.Nodes.Single().OpType);
    }

    [TestMethod]
    public void Layer_that_gives_other_values_each_time_by_one_dnn_alone_is_exported()
    {
        using Linear layer = nn.Linear(4, 4);
        layer.register_forward_pre_hook((_, input) =>
        {
            if (LibTorchSwitches.OneDnn)
                layer.bias!.add_(randn_like(layer.bias));
            return input;
        });
        OnnxModel model = OnnxExporter.Export(layer, randn(2, 4));
        Assert.AreEqual("Gemm", model.Nodes.Single().OpType);
        Assert.IsTrue(LibTorchSwitches.OneDnn);
    }

    [TestMethod]
    public void State_that_changes_once_is_refused_although_it_settles()
    {
        int runs = 0;
        using var module = new UntracedModules.Opaque(x => x * Math.Min(++runs, 2));
        StringAssert.Contains(
            Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4))).Message, "changes its own state");
    }

    [TestMethod]
    public void Randomness_in_evaluation_mode_is_refused_by_name()
    {
        using var module = nn.Sequential(("first", nn.Linear(4, 4)), ("noise", new Noise()));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "'noise' (Noise) gave other values for the same inputs");
    }

    [TestMethod]
    public void Module_registered_inside_itself_is_refused()
    {
        // TorchSharp's own walks, such as eval, would fill the stack.
        var inner = nn.Linear(4, 4);
        var outer = nn.Sequential(("inner", inner));
        inner.register_module("back", outer);
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(outer, randn(2, 4)));
        StringAssert.Contains(error.Message, "Module 'inner.back' (Sequential) is registered inside itself");
        inner.register_module("back", null!);
    }

    [TestMethod]
    public void Random_tensor_made_in_a_forward_method_is_refused()
    {
        using var module = new Lambda(inner => x => inner.call(randn_like(x)), nn.Linear(4, 4));
        StringAssert.Contains(Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4))).Message,
            "no traced module made");
    }

    [TestMethod]
    public void Module_that_counts_its_calls_is_refused_where_the_count_decides()
    {
        using var module = nn.Sequential(("counter", new Counting()));
        StringAssert.Contains(Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4))).Message,
            "changes its own state");
    }
}
