using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>A MobileNetV2 (Sandler et al., 2018) of few channels: inverted residuals of depthwise convolutions, with ReLU6.</summary>
internal sealed class MobileNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> net;

    public MobileNetwork()
        : base("mobilenet")
    {
        net = nn.Sequential(
            ("stem", Convolution(3, 8, 3, 2, 1)),
            ("block1", new InvertedResidual(8, 8, 1, 1)),
            ("block2", new InvertedResidual(8, 12, 2, 4)),
            ("block3", new InvertedResidual(12, 12, 1, 4)),
            ("block4", new InvertedResidual(12, 16, 2, 4)),
            ("head", Convolution(16, 32, 1, 1, 1)),
            ("mean", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("drop", nn.Dropout(0.2)),
            ("classes", nn.Linear(32, 10)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => net.call(input);

    private static nn.Module<Tensor, Tensor> Convolution(long from, long to, long kernel, long stride, long groups) => nn.Sequential(
        ("conv", nn.Conv2d(from, to, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false)),
        ("norm", Randomised.BatchNorm2d(to)),
        ("act", nn.ReLU6(inplace: true)));

    private sealed class InvertedResidual : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> net;
        private readonly Add? sum;

        public InvertedResidual(long from, long to, long stride, long expansion)
            : base("inverted")
        {
            long inner = from * expansion;
            net = nn.Sequential(
                ("expand", Convolution(from, inner, 1, 1, 1)),
                ("depthwise", Convolution(inner, inner, 3, stride, inner)),
                ("project", nn.Conv2d(inner, to, 1, bias: false)),
                ("norm", Randomised.BatchNorm2d(to)));
            sum = stride == 1 && from == to ? new Add("sum") : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => sum is null ? net.call(input) : sum.call(input, net.call(input));
    }
}
