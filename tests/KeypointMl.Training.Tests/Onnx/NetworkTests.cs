using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests.Onnx;

[TestClass]
public sealed class NetworkTests
{
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

    private sealed class SmallUNet : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _down = nn.Sequential(
            ("conv", nn.Conv2d(3, 8, 3, padding: 1)), ("norm", nn.BatchNorm2d(8)), ("relu", nn.ReLU(inplace: true)));

        private readonly nn.Module<Tensor, Tensor> _middle = nn.Sequential(
            ("conv", nn.Conv2d(8, 8, 3, stride: 2, padding: 1)), ("norm", nn.InstanceNorm2d(8, affine: true)), ("act", nn.LeakyReLU(0.2)));

        private readonly nn.Module<Tensor, Tensor> _up = nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false);
        private readonly Concat _skip = new("skip", 1);
        private readonly nn.Module<Tensor, Tensor> _head = nn.Conv2d(16, 4, 1);

        public SmallUNet()
            : base("unet") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor shallow = _down.call(input);
            return _head.call(_skip.call(shallow, _up.call(_middle.call(shallow))));
        }
    }
}
