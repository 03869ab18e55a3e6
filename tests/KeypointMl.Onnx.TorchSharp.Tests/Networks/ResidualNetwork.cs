using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>A ResNet-18 (He et al., 2016) of eight channels: the stem, four stages of two blocks, the mean and a classifier.</summary>
internal sealed class ResidualNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> net;

    public ResidualNetwork()
        : base("resnet")
    {
        net = nn.Sequential(
            ("conv", nn.Conv2d(3, 8, 7, stride: 2, padding: 3, bias: false)),
            ("norm", Randomised.BatchNorm2d(8)),
            ("relu", nn.ReLU(inplace: true)),
            ("pool", nn.MaxPool2d(3, 2, 1)),
            ("stage1", Stage(8, 8, 1)),
            ("stage2", Stage(8, 12, 2)),
            ("stage3", Stage(12, 16, 2)),
            ("stage4", Stage(16, 24, 2)),
            ("mean", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("classes", nn.Linear(24, 10)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => net.call(input);

    private static nn.Module<Tensor, Tensor> Stage(long from, long to, long stride) =>
        nn.Sequential(("block1", new Block(from, to, stride)), ("block2", new Block(to, to, 1)));

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> residual;
        private readonly nn.Module<Tensor, Tensor> skip;
        private readonly Add sum = new("sum");
        private readonly nn.Module<Tensor, Tensor> relu = nn.ReLU(inplace: true);

        public Block(long from, long to, long stride)
            : base("block")
        {
            residual = nn.Sequential(
                ("conv1", nn.Conv2d(from, to, 3, stride: stride, padding: 1, bias: false)),
                ("norm1", Randomised.BatchNorm2d(to)),
                ("relu", nn.ReLU(inplace: true)),
                ("conv2", nn.Conv2d(to, to, 3, padding: 1, bias: false)),
                ("norm2", Randomised.BatchNorm2d(to)));
            skip = from == to
                ? nn.Identity()
                : nn.Sequential(("conv", nn.Conv2d(from, to, 1, stride: stride, bias: false)), ("norm", Randomised.BatchNorm2d(to)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => relu.call(sum.call(residual.call(input), skip.call(input)));
    }
}
