using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>PyTorch's <c>clip_grad_norm_</c> without its trip to the host: TorchSharp's reads the norm, for which a GPU must finish all that it was asked.</summary>
internal static class GradientNorm
{
    private const double Smallest = 1e-6;

    /// <summary>Scales gradients, in place, so that their norm is at most <paramref name="largest"/>.</summary>
    /// <param name="gradients">Of all parameters, in one tensor.</param>
    /// <param name="largest">The largest norm; null: any.</param>
    /// <returns>The norm before, a float32 scalar.</returns>
    public static Tensor Clip(Tensor gradients, double? largest)
    {
        Tensor norm = gradients.norm();
        if (largest is { } limit)
            gradients.mul_((limit / (norm + Smallest)).clamp_max(1));
        return norm;
    }
}
