using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>The authors' initialisation: convolution weights N(0, 0.02), batch-norm weights N(1, 0.02), biases 0.</summary>
internal static class Initialization
{
    private const double StandardDeviation = 0.02;

    public static void Release(Module module)
    {
        foreach (Module part in module.modules())
        {
            switch (part)
            {
                case Convolution convolution:
                    init.normal_(convolution.Weight, 0, StandardDeviation);
                    if (convolution.Bias is { } bias)
                        init.zeros_(bias);
                    break;
                case BatchNorm2d { weight: { } weight } norm:
                    init.normal_(weight, 1, StandardDeviation);
                    init.zeros_(norm.bias!);
                    break;
            }
        }
    }
}
