using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using KeypointMl.Training.Networks;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

[TestClass]
public sealed class NetworkTests : IDisposable
{
    private readonly OneThread alone = new();

    public void Dispose() => alone.Dispose();

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void HeatmapDetector_exports_as_it_computes(int stride)
    {
        manual_seed(4);
        using var detector = new HeatmapDetector(5, 4, stride);
        detector.eval();
        Parity.Check(detector, [3, 64, 32]);
    }

    [TestMethod]
    public void UNet_with_skips_keeps_its_result_and_leaves_the_batch_open()
    {
        manual_seed(1);
        using var net = new SmallUNet();

        OnnxModel model = Parity.Check(net, [3, 16, 16]);

        Assert.AreEqual("input: Float [N,3,16,16]", model.Inputs[0].ToString());
        Assert.AreEqual("output: Float [N,4,16,16]", model.Outputs[0].ToString());
        Assert.IsFalse(model.Nodes.Any(node => node.OpType == "BatchNormalization"), "batch normalisation is folded by default");
    }

    [TestMethod]
    public void ResNet18_keeps_its_result_at_the_lowest_and_the_highest_opset()
    {
        manual_seed(2);
        using var net = new ResidualNetwork();

        OnnxModel model = Parity.Check(net, [3, 32, 32]);
        Parity.Check(net, new OnnxExportOptions { Opset = 21 }, Parity.Tolerance, [3, 40, 24]);

        Assert.AreEqual(20, model.Nodes.Count(node => node.OpType == "Conv"));
        Assert.IsFalse(model.Nodes.Any(node => node.OpType == "BatchNormalization"), "batch normalisation is folded by default");
    }

    [TestMethod]
    public void MobileNetV2_keeps_its_result_at_the_lowest_and_the_highest_opset()
    {
        manual_seed(3);
        using var net = new MobileNetwork();

        Parity.Check(net, [3, 32, 32]);
        OnnxModel model = Parity.Check(net, new OnnxExportOptions { Opset = 21 }, Parity.Tolerance, [3, 24, 40]);

        Assert.AreEqual(2, model.Nodes.Count(node => node.OpType == "Add"), "two blocks have a skip");
    }

    [TestMethod]
    [DataRow(17)]
    [DataRow(21)]
    public void Text_classifier_keeps_its_result_at_other_lengths(int opset)
    {
        manual_seed(4);
        using var net = new TextClassifier();
        var options = new OnnxExportOptions { Opset = opset, DynamicAxes = [new OnnxDynamicAxis("input", 1, "T")] };

        OnnxModel model = OnnxExporter.Export(net, randint(0, 30, [2, 6], ScalarType.Int64), options);

        Assert.AreEqual("input: Int64 [N,T]", model.Inputs[0].ToString());
        Assert.AreEqual("output: Float [N,3]", model.Outputs[0].ToString());
        Parity.Compare(net, model, [randint(0, 30, [1, 12], ScalarType.Int64)]);
        Parity.Compare(net, model, [randint(0, 30, [5, 3], ScalarType.Int64)]);
    }

    [TestMethod]
    [DataRow(17)]
    [DataRow(21)]
    public void Sequence_classifier_keeps_its_result_at_other_lengths(int opset)
    {
        manual_seed(5);
        using var net = new SequenceClassifier();
        var options = new OnnxExportOptions { Opset = opset, DynamicAxes = [new OnnxDynamicAxis("input", 1, "T")] };

        OnnxModel model = OnnxExporter.Export(net, randn(2, 6, 5), options);

        Assert.AreEqual("output: Float [N,4]", model.Outputs[0].ToString());
        Parity.Compare(net, model, [randn(3, 9, 5)]);
        Parity.Compare(net, model, [randn(1, 1, 5)]);
    }

    private sealed class SmallUNet : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> down = nn.Sequential(
            ("conv", nn.Conv2d(3, 8, 3, padding: 1)), ("norm", nn.BatchNorm2d(8)), ("relu", nn.ReLU(inplace: true)));

        private readonly nn.Module<Tensor, Tensor> middle = nn.Sequential(
            ("conv", nn.Conv2d(8, 8, 3, stride: 2, padding: 1)), ("norm", nn.InstanceNorm2d(8, affine: true)), ("act", nn.LeakyReLU(0.2)));

        private readonly nn.Module<Tensor, Tensor> up =
            nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false);
        private readonly Concat skip = new("skip", 1);
        private readonly nn.Module<Tensor, Tensor> head = nn.Conv2d(16, 4, 1);

        public SmallUNet()
            : base("unet") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor shallow = down.call(input);
            return head.call(skip.call(shallow, up.call(middle.call(shallow))));
        }
    }
}
