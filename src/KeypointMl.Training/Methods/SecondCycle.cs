using KeypointMl.Data;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Methods;

/// <summary>
/// The second cycle of CycleGAN (Zhu et al. 2017), which KeypointGAN does without, as a term: prior skeletons are turned
/// into images and back, ȳ → x̃ = Ψ(ȳ, x′) → Φ(x̃) ≈ ȳ, and a discriminator of images, with a history of its own, tells
/// x̃ from real ones.
/// </summary>
public sealed class SecondCycle : ILossTerm
{
    private const string PoolName = "image_pool.images";

    private readonly Module<Tensor, Tensor> phi;
    private readonly Module<Tensor, Tensor, Tensor> psi;
    private readonly PoseDiscriminator discriminator;
    private readonly NetworkOptimizer optimizer;
    private readonly ImagePool pool;
    private readonly (double Cycle, double Adversarial) weights;
    private readonly ulong seed;
    private Tensor? generated;

    /// <summary>Keeps references; the caller owns and disposes all of them but the history.</summary>
    /// <param name="networks">Φ, Ψ and the image discriminator.</param>
    /// <param name="optimizers">The image discriminator's.</param>
    /// <param name="pool">Its history; disposed of with the term.</param>
    /// <param name="seed">Of the history's draws.</param>
    /// <param name="cycleWeight">λ of mean|Φ(Ψ(ȳ, x′)) − ȳ| (CycleGAN's: 10).</param>
    /// <param name="adversarialWeight">λ of Ψ's side of the image discriminator.</param>
    /// <exception cref="ArgumentException">There is no image discriminator or optimiser.</exception>
    public SecondCycle(
        KeypointGanNetworks networks,
        KeypointGanOptimizers optimizers,
        ImagePool pool,
        ulong seed,
        double cycleWeight = 10,
        double adversarialWeight = 10)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(optimizers);
        phi = networks.Phi;
        psi = networks.Psi;
        discriminator = networks.ImageD ?? throw new ArgumentException("The second cycle needs an image discriminator.", nameof(networks));
        optimizer = optimizers.ImageD
            ?? throw new ArgumentException("The second cycle needs an optimiser of its image discriminator.", nameof(optimizers));
        this.pool = pool;
        this.seed = seed;
        weights = (cycleWeight, adversarialWeight);
    }

    /// <inheritdoc/>
    public LossTermValue? Compute(EncoderPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        KeypointGan.Freeze(discriminator, true);
        Tensor image = psi.call(pass.PriorSkeletons, pass.Style);                       // x̃
        Tensor cycle = functional.l1_loss(phi.call(image), pass.PriorSkeletons);
        Tensor adversarial = LeastSquaresAdversarialLoss.Generator(discriminator.call(image));
        KeypointGan.Freeze(discriminator, false);
        generated = image.detach();
        return new LossTermValue(
            weights.Cycle * cycle + weights.Adversarial * adversarial,
            [("skeleton_cycle", cycle.detach()), ("image_adversarial", adversarial.detach())]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Update(EncoderPass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var random = new SeededRandom(seed, RandomStreams.SecondCyclePool, (ulong)step);
        Tensor fake = pool.Query(generated!, ref random);
        Tensor loss = LeastSquaresAdversarialLoss.Discriminator(discriminator.call(pass.Image), discriminator.call(fake));
        optimizer.Minimize(loss, step, "the image discriminator");
        return [("image_discriminator", loss.detach())];
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => PoolState.Of(PoolName, pool);

    /// <inheritdoc/>
    public void Restore(Func<string, Tensor?> find) => PoolState.Restore(PoolName, pool, find, discriminator);

    /// <inheritdoc/>
    public void Dispose() => pool.Dispose();
}
