using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Exporting;
using static KeypointMl.Onnx.TorchSharp.Tests.TracerModules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

[TestClass]
public sealed class TracerTests
{
    [TestMethod]
    public void Registered_converter_serves_a_module_of_ones_own()
    {
        OnnxConverterRegistry converters = OnnxConverterRegistry.BuiltIn.With<Doubling>((context, _, x) => context.Node("Add", [x, x]));
        using var module = new Wrapper(new Doubling());
        OnnxModel model = Parity.Check(module, new OnnxExportOptions { Converters = converters }, Parity.Tolerance, [4]);
        Assert.AreEqual("inner/Add", model.Nodes.Single().Name);
    }

    [TestMethod]
    public void In_place_activation_changes_what_later_readers_of_its_input_get()
    {
        // ReLU works in place on h, so the sum is relu(h) + relu(h), even where the example had nothing to clip.
        manual_seed(50);
        using var module = new InPlace();
        OnnxModel model = OnnxExporter.Export(module, ones(2, 4));
        Parity.Compare(module, model, [randn(3, 4)]);
    }

    [TestMethod]
    public void Module_called_twice_is_written_twice_and_stored_once()
    {
        manual_seed(51);
        using var module = new Lambda(inner => x => inner.call(inner.call(x)), nn.Linear(4, 4));
        OnnxModel model = Parity.Check(module, [4]);
        CollectionAssert.AreEqual((string[])["Gemm", "Gemm"], model.Nodes.Select(node => node.OpType).ToArray());
        CollectionAssert.AreEquivalent(
            (string[])["inner.weight", "inner.bias"], model.Initializers.Select(tensor => tensor.Name).ToArray());
    }

    [TestMethod]
    public void Parameter_shared_by_two_modules_is_stored_once()
    {
        manual_seed(52);
        var first = nn.Linear(4, 4);
        var second = nn.Linear(4, 4, hasBias: false);
        second.weight = first.weight;
        using var module = nn.Sequential(("first", first), ("second", second));
        OnnxModel model = Parity.Check(module, [4]);
        Assert.HasCount(2, model.Initializers);
    }

    [TestMethod]
    public void Several_inputs_and_outputs_get_their_names()
    {
        manual_seed(53);
        using var module = new TwoByTwo();
        var options = new OnnxExportOptions { InputNames = ["a", "b"], OutputNames = ["sum", "same"] };
        OnnxModel model = Parity.Check(module, options, Parity.Tolerance, [4], [4]);
        CollectionAssert.AreEqual((string[])["a", "b"], model.Inputs.Select(input => input.Name).ToArray());
        CollectionAssert.AreEqual((string[])["sum", "same"], model.Outputs.Select(output => output.Name).ToArray());
    }

    [TestMethod]
    public void Parameter_given_to_a_module_becomes_an_initializer()
    {
        manual_seed(54);
        using var module = new LearnedOffset();
        OnnxModel model = Parity.Check(module, [4]);
        Assert.AreEqual("offset", model.Initializers.Single().Name);
    }

    [TestMethod]
    public void Export_restores_the_mode_of_every_module_and_removes_its_hooks()
    {
        using var module = nn.Sequential(("norm", nn.BatchNorm1d(4)), ("drop", nn.Dropout()), ("frozen", nn.BatchNorm1d(4)));
        module.train();
        module.named_children().Last().module.eval();

        OnnxExporter.Export(module, randn(2, 4));

        CollectionAssert.AreEqual((bool[])[true, true, false], module.children().Select(child => child.training).ToArray());
        Assert.IsTrue(module.training);
        module.call(randn(2, 4));
    }

    [TestMethod]
    public void Single_layer_is_exported_as_it_is()
    {
        manual_seed(55);
        using var module = nn.Conv2d(3, 4, 3);
        OnnxModel model = Parity.Check(module, [3, 6, 6]);
        CollectionAssert.AreEquivalent((string[])["weight", "bias"], model.Initializers.Select(tensor => tensor.Name).ToArray());
    }

    [TestMethod]
    public void Named_spatial_axes_stay_open()
    {
        manual_seed(56);
        using var module = nn.Sequential(
            ("conv", nn.Conv2d(3, 4, 3, padding: 1)),
            ("norm", Randomised.State(nn.GroupNorm(2, 4))),
            ("up", nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false)));
        var options = new OnnxExportOptions { DynamicAxes = [new OnnxDynamicAxis("input", 2, "H"), new OnnxDynamicAxis("input", 3, "W")] };
        OnnxModel model = OnnxExporter.Export(module, randn(2, 3, 6, 8), options);
        Assert.AreEqual("output: Float [N,4,?,?]", model.Outputs[0].ToString());
        Parity.Compare(module, model, [randn(1, 3, 9, 5)], 2e-5);
        Parity.Compare(module, model, [randn(3, 3, 4, 7)], 2e-5);
    }

    [TestMethod]
    public void Batch_can_be_fixed()
    {
        using var module = nn.Linear(4, 2);
        OnnxModel model = OnnxExporter.Export(module, randn(3, 4), new OnnxExportOptions { BatchAxis = null });
        Assert.AreEqual("input: Float [3,4]", model.Inputs[0].ToString());
    }

    [TestMethod]
    public void Dropout_in_training_mode_is_left_out_of_the_graph()
    {
        using var module = nn.Sequential(("linear", nn.Linear(4, 4)), ("drop", nn.Dropout(0.9)));
        module.train();
        Assert.AreEqual("Gemm", Parity.Check(module, [4]).Nodes.Single().OpType);
    }

    [TestMethod]
    public void Calls_that_no_output_needs_are_left_out()
    {
        using var module = new Lambda(
            inner => x =>
            {
                inner.call(x);
                return inner.call(x);
            },
            nn.Linear(4, 2));
        Assert.HasCount(1, OnnxExporter.Export(module, randn(2, 4)).Nodes);
    }

    [TestMethod]
    public void Module_that_writes_its_own_nodes_sees_traced_shapes()
    {
        manual_seed(57);
        using var module = new Wrapper(new Scaler());
        OnnxModel model = Parity.Check(module, [4, 3]);
        Assert.AreEqual("inner/Mul", model.Nodes[0].Name);
        CollectionAssert.AreEqual((string[])["inner/by"], model.Initializers.Select(tensor => tensor.Name).ToArray());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Model_keeps_its_weights_when_the_module_trains_on_and_is_disposed(bool simplified)
    {
        var module = nn.Sequential(("conv", nn.Conv2d(3, 8, 3)), ("norm", Randomised.BatchNorm2d(8)), ("last", nn.Conv2d(8, 4, 1)));
        OnnxModel model = OnnxExporter.Export(module, randn(1, 3, 8, 8), new OnnxExportOptions
        {
            Optimization = simplified ? new() : null,
        });
        byte[] before = model.ToArray();
        using (no_grad())
        {
            foreach (global::TorchSharp.Modules.Parameter parameter in module.parameters())
                parameter.zero_();
        }
        module.Dispose();
        CollectionAssert.AreEqual(before, model.ToArray());
    }

    [TestMethod]
    public void Example_inputs_and_what_the_module_keeps_survive_the_export()
    {
        using var module = nn.Sequential(("first", new Scaler()), ("drop", nn.Dropout()), ("flat", nn.Flatten()));
        using Tensor example = ones(2, 3);
        OnnxExporter.Export(module, example);
        Assert.AreEqual(6f, example.sum().item<float>());
        using var input = nn.Identity();
        OnnxExporter.Export(input, example);
        Assert.AreEqual(6f, example.sum().item<float>());
    }

    [TestMethod]
    public void SaveOnnx_writes_a_file_that_loads()
    {
        string folder = Directory.CreateTempSubdirectory("keypointml-onnx-").FullName;
        try
        {
            using var module = nn.Linear(4, 2);
            string path = Path.Combine(folder, "model.onnx");
            module.SaveOnnx(path, [randn(1, 4)]);
            Assert.AreEqual(17, OnnxModel.Load(path).Opset);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
