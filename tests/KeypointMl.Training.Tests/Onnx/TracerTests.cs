using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests.Onnx;

[TestClass]
public sealed class TracerTests
{
    [TestMethod]
    public void Operation_in_a_forward_method_is_refused_with_the_path_the_shape_and_the_way_out()
    {
        using var module = new Wrapper(new Lambda(inner => x => inner.call(x + 1), nn.Linear(4, 3)));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "'_inner._inner' (Linear)");
        StringAssert.Contains(error.Message, "[2,4]");
        StringAssert.Contains(error.Message, "IOnnxExportable");
    }

    [TestMethod]
    public void Operation_on_the_result_is_refused()
    {
        using var module = new Lambda(inner => x => inner.call(x).exp(), nn.Linear(4, 3));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "result 0");
        StringAssert.Contains(error.Message, "'_inner'");
    }

    [TestMethod]
    [DynamicData(nameof(HiddenOperations))]
    public void Hidden_operation_is_named(string expected, Func<Linear, Func<Tensor, Tensor>> run)
    {
        manual_seed(49);
        using var module = new Wrapper(new Lambda(run, nn.Linear(4, 4)));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(4, 4)));
        StringAssert.Contains(error.Message, $"Its values are those of {expected}");
        StringAssert.Contains(error.Message, "in Lambda.forward (TracerTests.cs, line ");
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
            Case("the result of '_inner._inner' + the input: use Add", inner => x => inner.call(inner.call(x) + x)),
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
        StringAssert.Contains(error.Message, "'_inner' (Doubling) has no converter");
    }

    [TestMethod]
    public void Registered_converter_serves_a_module_of_ones_own()
    {
        OnnxConverterRegistry converters = OnnxConverterRegistry.BuiltIn.With<Doubling>((context, _, x) => context.Node("Add", [x, x]));
        using var module = new Wrapper(new Doubling());
        OnnxModel model = Parity.Check(module, new OnnxExportOptions { Converters = converters }, Parity.Tolerance, [4]);
        Assert.AreEqual("_inner/Add", model.Nodes.Single().Name);
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
    public void Module_called_twice_is_written_twice_and_stored_once()
    {
        manual_seed(51);
        using var module = new Lambda(inner => x => inner.call(inner.call(x)), nn.Linear(4, 4));
        OnnxModel model = Parity.Check(module, [4]);
        CollectionAssert.AreEqual((string[])["Gemm", "Gemm"], model.Nodes.Select(node => node.OpType).ToArray());
        CollectionAssert.AreEquivalent((string[])["_inner.weight", "_inner.bias"], model.Initializers.Select(tensor => tensor.Name).ToArray());
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
    public void Wrong_number_of_names_or_examples_is_refused()
    {
        using var module = new TwoByTwo();
        StringAssert.Contains(
            Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, [randn(2, 4), randn(2, 4)], new OnnxExportOptions { InputNames = ["a"] })).Message, "InputNames");
        Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, [randn(2, 4), randn(2, 4), randn(2, 4)]));
    }

    [TestMethod]
    public void Parameter_given_to_a_module_becomes_an_initializer()
    {
        manual_seed(54);
        using var module = new LearnedOffset();
        OnnxModel model = Parity.Check(module, [4]);
        Assert.AreEqual("_offset", model.Initializers.Single().Name);
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
        StringAssert.Contains(error.Message, "'_positive' (ReLU)");
        StringAssert.Contains(error.Message, "'_negative' (Tanh)");
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
    public void Randomness_in_evaluation_mode_is_refused_by_name()
    {
        using var module = nn.Sequential(("first", nn.Linear(4, 4)), ("noise", new Noise()));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "'noise' (Noise) gave other values for the same inputs");
    }

    [TestMethod]
    public void Random_tensor_made_in_a_forward_method_is_refused()
    {
        using var module = new Lambda(inner => x => inner.call(randn_like(x)), nn.Linear(4, 4));
        StringAssert.Contains(Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4))).Message, "no traced module made");
    }

    [TestMethod]
    public void Dropout_in_training_mode_is_left_out_of_the_graph()
    {
        using var module = nn.Sequential(("linear", nn.Linear(4, 4)), ("drop", nn.Dropout(0.9)));
        module.train();
        Assert.AreEqual("Gemm", Parity.Check(module, [4]).Nodes.Single().OpType);
    }

    [TestMethod]
    public void Module_that_counts_its_calls_is_refused_where_the_count_decides()
    {
        using var module = nn.Sequential(("counter", new Counting()));
        StringAssert.Contains(Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4))).Message, "changes its own state");
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
        Assert.AreEqual("_inner/Mul", model.Nodes[0].Name);
        CollectionAssert.AreEqual((string[])["_inner/by"], model.Initializers.Select(tensor => tensor.Name).ToArray());
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

    private sealed class Wrapper : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _inner;

        public Wrapper(nn.Module<Tensor, Tensor> inner)
            : base("wrapper")
        {
            _inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _inner.call(input);
    }

    private sealed class Lambda : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _inner;
        private readonly Func<Tensor, Tensor> _run;

        public Lambda(Func<Linear, Func<Tensor, Tensor>> run, Linear inner)
            : base("lambda")
        {
            _inner = inner;
            _run = run(inner);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _run(input);
    }

    private sealed class Doubling() : nn.Module<Tensor, Tensor>("doubling")
    {
        public override Tensor forward(Tensor input) => input * 2;
    }

    private sealed class InPlace : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _first = new Affine("first", 1, 1);
        private readonly nn.Module<Tensor, Tensor> _relu = nn.ReLU(inplace: true);
        private readonly Add _sum = new("sum");

        public InPlace()
            : base("in_place") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor hidden = _first.call(input);
            return _sum.call(_relu.call(hidden), hidden);
        }
    }

    private sealed class TwoByTwo : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly Add _sum = new("sum");

        public TwoByTwo()
            : base("two") => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor left, Tensor right) => (_sum.call(left, right), left);
    }

    private sealed class LearnedOffset : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter _offset = nn.Parameter(randn(4));
        private readonly Add _add = new("add");

        public LearnedOffset()
            : base("offset") => RegisterComponents();

        public override Tensor forward(Tensor input) => _add.call(input, _offset);
    }

    private sealed class ByBatch : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _small = nn.ReLU();
        private readonly nn.Module<Tensor, Tensor> _large = nn.Tanh();

        public ByBatch()
            : base("by_batch") => RegisterComponents();

        public override Tensor forward(Tensor input) => input.shape[0] > 2 ? _large.call(input) : _small.call(input);
    }

    private sealed class BySign : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _positive = nn.ReLU();
        private readonly nn.Module<Tensor, Tensor> _negative = nn.Tanh();

        public BySign()
            : base("by_sign") => RegisterComponents();

        public override Tensor forward(Tensor input) => input.sum().ToSingle() > 0 ? _positive.call(input) : _negative.call(input);
    }

    private sealed class Noise() : nn.Module<Tensor, Tensor>("noise"), IOnnxExportable
    {
        public override Tensor forward(Tensor input) => input + randn_like(input);

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => inputs;
    }

    private sealed class Counting() : nn.Module<Tensor, Tensor>("counting"), IOnnxExportable
    {
        private int _calls;

        public override Tensor forward(Tensor input) => input * ++_calls;

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => inputs;
    }

    private sealed class Scaler() : nn.Module<Tensor, Tensor>("scaler"), IOnnxExportable
    {
        public override Tensor forward(Tensor input) => input * input.shape[1];

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
            [context.Node("Mul", [inputs[0], context.Constant("by", (float[])[context.InputShape(0)[1]])])];
    }
}
