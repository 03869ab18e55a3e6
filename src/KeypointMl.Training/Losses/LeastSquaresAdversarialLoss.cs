using static TorchSharp.torch;

namespace KeypointMl.Training.Losses;

/// <summary>
/// L_disc of equation 5 (LSGAN, Mao et al. 2017) over the discriminator's scales: squared distance of the scores to 1
/// (prior poses) or 0 (Φ's), mean over maps and scales.
/// </summary>
public static class LeastSquaresAdversarialLoss
{
    /// <summary>For D: ½·(real→1 + fake→0).</summary>
    public static Tensor Discriminator(
        IReadOnlyList<Tensor> real, IReadOnlyList<Tensor> fake) => 0.5 * (Distance(real, 1) + Distance(fake, 0));

    /// <summary>For Φ: fake→1.</summary>
    public static Tensor Generator(IReadOnlyList<Tensor> fake) => Distance(fake, 1);

    private static Tensor Distance(IReadOnlyList<Tensor> scores, double target)
    {
        Tensor total = (scores[0] - target).square().mean();
        for (int i = 1; i < scores.Count; i++)
            total = total + (scores[i] - target).square().mean();
        return total / scores.Count;
    }
}
