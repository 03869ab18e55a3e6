using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>PyTorch's <c>clip_grad_norm_</c> without its trip to the host: TorchSharp's reads the norm, for which a GPU must finish all that it was asked.</summary>
internal static class GradientNorm
{
    private const double Smallest = 1e-6;

    /// <summary>Scales gradients, in place, so that their common norm is at most <paramref name="largest"/>.</summary>
    /// <param name="gradients">At least one.</param>
    /// <param name="largest">The largest norm; null: any.</param>
    /// <returns>The norm before, a float32 scalar.</returns>
    public static Tensor Clip(IEnumerable<Tensor> gradients, double? largest)
    {
        using var _ = no_grad();
        Tensor[] all = [.. gradients];
        Tensor norm = stack(all.Select(gradient => gradient.norm())).norm();
        if (largest is not { } limit)
            return norm;
        Tensor factor = (limit / (norm + Smallest)).clamp_max(1);
        foreach (Tensor gradient in all)
            gradient.mul_(factor);
        return norm;
    }
}
