using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Benchmarks;

/// <summary>ResNet-50 (He et al. 2016, table 1, with the stride on the 3×3 convolutions): 25.6 million parameters, random.</summary>
internal sealed class ResNet50 : nn.Module<Tensor, Tensor>
{
    private const int Expansion = 4;
    private readonly nn.Module<Tensor, Tensor> layers;

    /// <summary>Makes it.</summary>
    public ResNet50()
        : base("resnet50")
    {
        layers = nn.Sequential(
            ("conv", nn.Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false)),
            ("norm", nn.BatchNorm2d(64)),
            ("relu", nn.ReLU(inplace: true)),
            ("pool", nn.MaxPool2d(3, 2, 1)),
            ("stage1", Stage(64, 64, 3, 1)),
            ("stage2", Stage(256, 128, 4, 2)),
            ("stage3", Stage(512, 256, 6, 2)),
            ("stage4", Stage(1024, 512, 3, 2)),
            ("mean", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("classes", nn.Linear(2048, 1000)));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => layers.call(input);

    private static nn.Module<Tensor, Tensor> Stage(long from, long width, int blocks, long stride) =>
        nn.Sequential([.. Enumerable.Range(0, blocks)
        .Select(index => ($"block{index}",
            (nn.Module<Tensor, Tensor>)new Bottleneck(index == 0 ? from : width * Expansion, width, index == 0 ? stride : 1)))]);

    private sealed class Bottleneck : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> residual;
        private readonly nn.Module<Tensor, Tensor> skip;
        private readonly Add sum = new("sum");
        private readonly nn.Module<Tensor, Tensor> relu = nn.ReLU(inplace: true);

        public Bottleneck(long from, long width, long stride)
            : base("bottleneck")
        {
            long to = width * Expansion;
            residual = nn.Sequential(
                ("conv1", nn.Conv2d(from, width, 1, bias: false)),
                ("norm1", nn.BatchNorm2d(width)),
                ("relu1", nn.ReLU(inplace: true)),
                ("conv2", nn.Conv2d(width, width, 3, stride: stride, padding: 1, bias: false)),
                ("norm2", nn.BatchNorm2d(width)),
                ("relu2", nn.ReLU(inplace: true)),
                ("conv3", nn.Conv2d(width, to, 1, bias: false)),
                ("norm3", nn.BatchNorm2d(to)));
            skip = from == to && stride == 1
                ? nn.Identity()
                : nn.Sequential(("conv", nn.Conv2d(from, to, 1, stride: stride, bias: false)), ("norm", nn.BatchNorm2d(to)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => relu.call(sum.call(residual.call(input), skip.call(input)));
    }
}
