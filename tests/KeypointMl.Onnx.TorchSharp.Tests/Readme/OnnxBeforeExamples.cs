using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Onnx.TorchSharp.Tests.Before;

// begin cifar-before
public sealed class Cifar : Module<Tensor, Tensor>
{
    private readonly Conv2d c1 = Conv2d(3, 8, 3, padding: 1), c2 = Conv2d(8, 8, 3, padding: 1);
    private readonly Linear head = Linear(8 * 16 * 16, 10);

    public Cifar() : base("cifar") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = functional.max_pool2d(functional.relu(c1.call(x)), 2);
        x = functional.relu(c2.call(x));
        return head.call(x.flatten(1));
    }
}
// end cifar-before

// begin unet-before
public sealed class UNet : Module<Tensor, Tensor>
{
    private readonly Conv2d down = Conv2d(3, 8, 3, padding: 1), middle = Conv2d(8, 8, 3, padding: 1), up = Conv2d(16, 2, 1);

    public UNet() : base("unet") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        Tensor skip = functional.relu(down.call(x));
        Tensor inner = functional.relu(middle.call(functional.max_pool2d(skip, 2)));
        inner = functional.interpolate(inner, scale_factor: [2, 2]) + skip;
        return up.call(cat([inner, skip], 1));
    }
}
// end unet-before
