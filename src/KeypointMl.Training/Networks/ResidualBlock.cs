using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// The bottleneck block of the hourglass (Newell et al. 2016): three times normalisation, ReLU and a convolution (1×1,
/// 3×3, 1×1), added to the input.
/// </summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Sequential branch;
    private readonly Convolution? shortcut;
    private readonly Add add = new("add");

    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output; where they differ the input goes through a 1×1 convolution.</param>
    public ResidualBlock(int inputs, int outputs)
        : base(nameof(ResidualBlock))
    {
        int middle = Math.Max(1, outputs / 2);
        branch = Sequential(
            BatchNorm2d(inputs), ReLU(), new Convolution(inputs, middle, 1),
            BatchNorm2d(middle), ReLU(), new Convolution(middle, middle, 3, padding: 1),
            BatchNorm2d(middle), ReLU(), new Convolution(middle, outputs, 1));
        shortcut = inputs == outputs ? null : new Convolution(inputs, outputs, 1);
        RegisterComponents();
    }

    /// <summary>[N,inputs,H,W] → [N,outputs,H,W].</summary>
    public override Tensor forward(Tensor x) => add.call(branch.call(x), shortcut is null ? x : shortcut.call(x));
}
