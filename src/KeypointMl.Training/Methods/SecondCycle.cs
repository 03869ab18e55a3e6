using KeypointMl.Data;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Methods;

/// <summary>
/// The second cycle of CycleGAN (Zhu et al. 2017), which KeypointGAN does without: prior skeletons are turned into
/// images and back, ȳ → x̃ = Ψ(ȳ, x′) → Φ(x̃) ≈ ȳ, and a discriminator of images, with a history of its own, tells x̃
/// from real ones.
/// </summary>
public sealed class SecondCycle
{
    private readonly PoseEncoder phi;
    private readonly ConditionalGenerator psi;
    private readonly PoseDiscriminator discriminator;
    private readonly NetworkOptimizer optimizer;
    private readonly ImagePool pool;
    private readonly ulong seed;
    private Tensor? generated;

    /// <summary>Keeps references; the caller owns and disposes all of them.</summary>
    /// <param name="networks">Φ, Ψ and the image discriminator.</param>
    /// <param name="optimizers">The image discriminator's.</param>
    /// <param name="pool">Its history.</param>
    /// <param name="seed">Of the history's draws.</param>
    /// <exception cref="ArgumentException">There is no image discriminator or optimiser.</exception>
    public SecondCycle(KeypointGanNetworks networks, KeypointGanOptimizers optimizers, ImagePool pool, ulong seed)
    {
        phi = networks.Phi;
        psi = networks.Psi;
        discriminator = networks.ImageD ?? throw new ArgumentException("The second cycle needs an image discriminator.", nameof(networks));
        optimizer = optimizers.ImageD
            ?? throw new ArgumentException("The second cycle needs an optimiser of its image discriminator.", nameof(optimizers));
        this.pool = pool;
        this.seed = seed;
    }

    /// <summary>Φ's and Ψ's part of the loss, weighted; gradients flow through the frozen discriminator.</summary>
    internal (Tensor Loss, KeypointGanLosses Losses) Loss(Tensor prior, Tensor style, LossWeights weights, KeypointGanLosses losses)
    {
        KeypointGan.Freeze(discriminator, true);
        Tensor image = psi.call(prior, style);                                          // x̃
        Tensor cycle = functional.l1_loss(phi.call(image), prior);
        Tensor adversarial = LeastSquaresAdversarialLoss.Generator(discriminator.call(image));
        KeypointGan.Freeze(discriminator, false);
        generated = image.detach();
        return (
            weights.SkeletonCycle * cycle + weights.ImageAdversarial * adversarial,
            losses with
            {
                SecondCycle = new SecondCycleLosses { SkeletonCycle = cycle.detach(), ImageAdversarial = adversarial.detach() },
            });
    }

    /// <summary>The image discriminator's own update, after <see cref="Loss"/> of the same step.</summary>
    internal KeypointGanLosses UpdateDiscriminator(Tensor real, KeypointGanLosses losses, long step)
    {
        var random = new SeededRandom(seed, RandomStreams.SecondCyclePool, (ulong)step);
        Tensor fake = pool.Query(generated!, ref random);
        Tensor loss = LeastSquaresAdversarialLoss.Discriminator(discriminator.call(real), discriminator.call(fake));
        optimizer.Minimize(loss, step, "the image discriminator");
        return losses with { SecondCycle = losses.SecondCycle!.Value with { ImageDiscriminator = loss.detach() } };
    }
}
