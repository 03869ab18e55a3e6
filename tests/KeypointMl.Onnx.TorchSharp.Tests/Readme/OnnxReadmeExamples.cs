using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Quantization;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using KeypointMl.Onnx.TorchVision;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>The examples of the exporter's README, compiled and run; <c>ReadmeTests</c> compares the texts.</summary>
[TestClass]
[DoNotParallelize]
public sealed class OnnxReadmeExamples
{
    [TestMethod]
    public void Export_writes_the_graph_that_the_README_names()
    {
        using var surroundings = new Surroundings();
        // begin export
        using var net = nn.Sequential(
            ("conv", nn.Conv2d(3, 16, 3, padding: 1)), ("norm", nn.BatchNorm2d(16)), ("act", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool2d([1, 1])), ("flat", nn.Flatten()), ("head", nn.Linear(16, 10)));
        net.SaveOnnx("net.onnx", [torch.randn(1, 3, 32, 32)], new OnnxExportOptions
        {
            InputNames = ["image"],
            OutputNames = ["logits"],
            DynamicAxes = [new OnnxDynamicAxis("image", 2, "H"), new OnnxDynamicAxis("image", 3, "W")],
        });
        Console.WriteLine(OnnxInspector.Summarize(OnnxModel.Load("net.onnx"))); // image: Float [N,3,H,W] → logits: Float [N,10]
        // end export
        StringAssert.Contains(surroundings.Printed, "image: Float [N,3,H,W]");
        StringAssert.Contains(surroundings.Printed, "logits: Float [N,10]");
    }

    [TestMethod]
    public void Model_is_checked_simplified_converted_and_quantised()
    {
        using var surroundings = new Surroundings();
        using (var net = nn.Sequential(("first", nn.Conv2d(3, 16, 3, padding: 1)), ("second", nn.Conv2d(16, 16, 3, padding: 1)), ("pool", nn.AdaptiveAvgPool2d([1, 1]))))
            net.SaveOnnx("net.onnx", [torch.randn(1, 3, 32, 32)], new OnnxExportOptions { InputNames = ["image"] });
        // begin passes
        OnnxModel model = OnnxModel.Load("net.onnx", OnnxLoadOptions.Default with { MaxBytes = 100_000_000 });
        foreach (string problem in OnnxChecker.Check(model)) // what the official checker would complain about
            Console.WriteLine(problem);
        Console.WriteLine(OnnxOptimizer.Optimize(model)); // which pass changed how much
        Console.WriteLine(OnnxInspector.Summarize(model)); // inputs, outputs, operators, parameters, multiply–adds

        OnnxModel half = model.Clone();
        OnnxOptimizer.Optimize(half, new OnnxOptimizationOptions { ConvertToFloat16 = true });
        half.Save("net-fp16.onnx");

        IEnumerable<CalibrationBatch> typical = Enumerable.Range(0, 8).Select(index => CalibrationBatch.Create("image", Picture(index), 1, 3, 32, 32));
        OnnxQuantizationResult quantized = OnnxQuantizer.Quantize(model, typical);
        Console.WriteLine(quantized.Report); // every node: quantised, or why not
        quantized.Model.Save("net-int8.onnx");
        // end passes
        Assert.IsTrue(new FileInfo("net-fp16.onnx").Length < new FileInfo("net.onnx").Length);
        Assert.IsTrue(OnnxModel.Load("net-int8.onnx").Nodes.Any(node => node.OpType == "QuantizeLinear"));
        StringAssert.Contains(surroundings.Printed, "image: Float [N,3,32,32]");

        static float[] Picture(int seed) => [.. Enumerable.Range(0, 3 * 32 * 32).Select(index => MathF.Sin((index * 0.1f) + seed))];
    }

    [TestMethod]
    public void Residual_is_exported()
    {
        using var module = new Residual();
        CollectionAssert.AreEqual((string[])["Conv", "Add"], OnnxExporter.Export(module, torch.randn(1, 8, 4, 4)).Nodes.Select(node => node.OpType).ToArray());
    }

    [TestMethod]
    public void Converter_of_ones_own_is_used()
    {
        using var network = nn.Sequential(("linear", nn.Linear(16, 16)), ("swish", new Swish()));
        // begin converter
        OnnxConverterRegistry converters = OnnxConverterRegistry.BuiltIn.With<Swish>(
            (context, module, x) => context.Node("Mul", [x, context.Node("Sigmoid", [x])]));
        OnnxModel model = OnnxExporter.Export(network, torch.randn(1, 16), new OnnxExportOptions { Converters = converters });
        // end converter
        CollectionAssert.AreEqual((string[])["Gemm", "Sigmoid", "Mul"], model.Nodes.Select(node => node.OpType).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(BeforeAndAfter))]
    public void Network_after_is_exported_and_computes_what_the_one_before_did(
        nn.Module<Tensor, Tensor> before, nn.Module<Tensor, Tensor> after)
    {
        after.load_state_dict(before.state_dict());
        Tensor image = torch.randn(2, 3, 32, 32);
        Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(before, image));
        Parity.Check(after, [3, 32, 32]);
        Assert.IsTrue(before.call(image).Equals(after.call(image)));
    }

    public static IEnumerable<object[]> BeforeAndAfter() =>
        [[new Before.Cifar(), new After.Cifar()], [new Before.UNet(), new After.UNet()]];

    [TestMethod]
    public void Forward_registered_for_a_module_of_others_is_used()
    {
        using var network = nn.Sequential(("gate", new Theirs()));
        Tensor image = torch.randn(2, 4);
        // begin forward
        OnnxConverterRegistry converters = OnnxConverterRegistry.BuiltIn.WithForward<Theirs>(
            (module, x) => Functional.mul(x, Functional.sigmoid(module.Inner.call(x))));
        OnnxModel model = OnnxExporter.Export(network, image, new OnnxExportOptions { Converters = converters });
        // end forward
        CollectionAssert.AreEqual((string[])["Gemm", "Sigmoid", "Mul"], model.Nodes.Select(node => node.OpType).ToArray());
    }

    [TestMethod]
    public void Model_of_TorchVision_is_exported()
    {
        using var surroundings = new Surroundings();
        // begin torchvision
        using var net = torchvision.models.resnet18(num_classes: 10);
        net.SaveOnnx("resnet18.onnx", [torch.randn(1, 3, 64, 64)], new OnnxExportOptions
        {
            Converters = OnnxConverterRegistry.BuiltIn.WithTorchVision(),
        });
        // end torchvision
        Assert.AreEqual("output: Float [N,10]", OnnxModel.Load("resnet18.onnx").Outputs[0].ToString());
    }

    private sealed class Theirs : nn.Module<Tensor, Tensor>
    {
        public Theirs()
            : base("theirs") => RegisterComponents();

        public nn.Module<Tensor, Tensor> Inner { get; } = nn.Linear(4, 4);

        public override Tensor forward(Tensor x) => x * Inner.call(x).sigmoid();
    }

    // begin residual
    public sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> body = nn.Conv2d(8, 8, 3, padding: 1);
        private readonly Add add = new("add");

        public Residual() : base("residual") => RegisterComponents();

        public override Tensor forward(Tensor x) => add.call(x, body.call(x));
    }
    // end residual

    private sealed class Swish() : nn.Module<Tensor, Tensor>("swish")
    {
        public override Tensor forward(Tensor x) => x * x.sigmoid();
    }

    /// <summary>An empty current folder and a console that is kept, for as long as an example runs.</summary>
    private sealed class Surroundings : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("keypointml-readme-");
        private readonly string before = Environment.CurrentDirectory;
        private readonly TextWriter console = Console.Out;
        private readonly StringWriter printed = new();

        public Surroundings()
        {
            Environment.CurrentDirectory = folder.FullName;
            Console.SetOut(printed);
        }

        public string Printed => printed.ToString();

        public void Dispose()
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }
}
