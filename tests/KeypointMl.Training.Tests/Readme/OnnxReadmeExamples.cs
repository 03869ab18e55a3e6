using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>The examples of the exporter's README, compiled and run; <see cref="ReadmeTests"/> compares the texts.</summary>
[TestClass]
[DoNotParallelize]
public sealed class OnnxReadmeExamples
{
    [TestMethod]
    public void Export_writes_the_graph_that_the_README_names()
    {
        string folder = Directory.CreateTempSubdirectory("keypointml-readme-").FullName;
        string before = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        var printed = new StringWriter();
        try
        {
            Environment.CurrentDirectory = folder;
            Console.SetOut(printed);
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
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
        StringAssert.Contains(printed.ToString(), "image: Float [N,3,H,W]");
        StringAssert.Contains(printed.ToString(), "logits: Float [N,10]");
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
}
