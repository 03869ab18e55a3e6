using KeypointMl.Data;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Methods;

/// <summary>The networks of figure 2 and one training step of section 3: Φ, Ψ → D → η.</summary>
public sealed class KeypointGan
{
    private readonly LossWeights weights;
    private readonly ReconstructionLoss reconstructionLoss;
    private readonly ImagePool pool;
    private readonly ulong seed;
    private readonly bool bottleneck;
    private readonly SecondCycle? secondCycle;

    /// <summary>Keeps references; the caller owns and disposes all of them.</summary>
    /// <param name="networks">Φ, η, β, Ψ, D.</param>
    /// <param name="optimizers">Their optimisers.</param>
    /// <param name="weights">Of the losses.</param>
    /// <param name="reconstructionLoss">L_perc.</param>
    /// <param name="pool">D's history.</param>
    /// <param name="seed">Of what is random in a step.</param>
    /// <param name="bottleneck">Whether Ψ sees y* = β(η(y)), or y itself (the ablation of table 4).</param>
    /// <param name="secondCycle">CycleGAN's other cycle (the ablation of table 4); null: none, as in the paper's method.</param>
    public KeypointGan(
        KeypointGanNetworks networks, KeypointGanOptimizers optimizers, LossWeights weights, ReconstructionLoss reconstructionLoss,
        ImagePool pool, ulong seed,
        bool bottleneck = true, SecondCycle? secondCycle = null)
    {
        Networks = networks;
        Optimizers = optimizers;
        this.weights = weights;
        this.reconstructionLoss = reconstructionLoss;
        this.pool = pool;
        this.seed = seed;
        this.bottleneck = bottleneck;
        this.secondCycle = secondCycle;
    }

    /// <summary>Φ, η, β, Ψ, D.</summary>
    public KeypointGanNetworks Networks { get; }

    /// <summary>Their optimisers.</summary>
    public KeypointGanOptimizers Optimizers { get; }

    /// <summary>One step on one batch. Allocate inside a dispose scope.</summary>
    /// <exception cref="TrainingDivergedException">
    /// A loss or a gradient is not finite; the weights are those before the update that would have spoilt them. Where
    /// the optimisers' watch is deferred, it throws later instead.
    /// </exception>
    public KeypointGanLosses Step(TrainingBatch batch, long step)
    {
        Tensor prior = Networks.Beta.call(batch.PriorPoses);
        (Tensor y, KeypointGanLosses losses) = UpdateEncoderAndGenerator(batch, prior, step);
        Tensor discriminator = UpdateDiscriminator(prior, y, step);
        losses = secondCycle?.UpdateDiscriminator(batch.Image, losses, step) ?? losses;
        (Tensor regressorPrior, Tensor regressorImages) = UpdateRegressor(prior, batch.PriorPoses, y, step);
        return losses with { Discriminator = discriminator, RegressorPrior = regressorPrior, RegressorImages = regressorImages };
    }

    /// <summary>Φ and Ψ by λ_rec·L_perc + λ·L_disc (+ w·L_eq); gradients flow through the frozen η and D.</summary>
    private (Tensor Y, KeypointGanLosses Losses) UpdateEncoderAndGenerator(TrainingBatch batch, Tensor prior, long step)
    {
        (PoseEncoder phi, KeypointRegressor eta, SkeletonRenderer beta, ConditionalGenerator psi, PoseDiscriminator d) = Networks;
        Freeze(eta, true);
        Freeze(d, true);
        long n = batch.Image.shape[0];
        Tensor views = batch.SecondView is { } second ? cat([batch.Image, second.Image]) : batch.Image;
        Tensor allY = phi.call(views);                  // [N or 2N,1,H,W]
        (Tensor allP, _) = eta.call(allY);              // [N or 2N,K,2]
        Tensor y = allY.narrow(0, 0, n);
        Tensor p = allP.narrow(0, 0, n);
        Tensor clean = bottleneck ? beta.call(p) : y;   // y*
        Tensor reconstruction = psi.call(clean, batch.Style);

        Tensor perceptual = reconstructionLoss.Compute(reconstruction, batch.Image);
        Tensor adversarial = LeastSquaresAdversarialLoss.Generator(d.call(y));
        Tensor loss = weights.Reconstruction * perceptual + weights.Adversarial * adversarial;
        var losses = new KeypointGanLosses { Reconstruction = perceptual.detach(), Adversarial = adversarial.detach() };
        if (batch.SecondView is { } view)
        {
            Tensor equivariance = EquivarianceLoss.Compute(p, view.FirstWarp, allP.narrow(0, n, n), view.SecondWarp);
            loss = loss + weights.Equivariance * equivariance;
            losses = losses with { Equivariance = equivariance.detach() };
        }
        if (secondCycle is not null)
        {
            (Tensor cycle, losses) = secondCycle.Loss(prior, batch.Style, weights, losses);
            loss = loss + cycle;
        }
        Optimizers.Phi.Minimize(loss, step, "Φ and Ψ", Optimizers.Psi);
        Freeze(eta, false);
        Freeze(d, false);
        return (y.detach(), losses);
    }

    /// <summary>D by equation 5, against a history of Φ's outputs.</summary>
    private Tensor UpdateDiscriminator(Tensor prior, Tensor y, long step)
    {
        var random = new SeededRandom(seed, RandomStreams.ImagePool, (ulong)step);
        Tensor fake = pool.Query(y, ref random);
        Tensor loss = LeastSquaresAdversarialLoss.Discriminator(Networks.D.call(prior), Networks.D.call(fake));
        Optimizers.D.Minimize(loss, step, "D");
        return loss.detach();
    }

    /// <summary>η by its fine-tuning: rendered prior poses, and agreement with Φ's output.</summary>
    private (Tensor Prior, Tensor Images) UpdateRegressor(Tensor prior, Tensor priorPoses, Tensor y, long step)
    {
        long m = prior.shape[0];
        (Tensor p, _) = Networks.Eta.call(cat([prior, y]));
        Tensor onPrior = functional.mse_loss(p.narrow(0, 0, m), priorPoses);
        Tensor onImages = functional.mse_loss(Networks.Beta.call(p.narrow(0, m, y.shape[0])), y);
        Optimizers.Eta.Minimize(weights.RegressorPrior * onPrior + weights.RegressorImages * onImages, step, "η");
        return (onPrior.detach(), onImages.detach());
    }

    internal static void Freeze(Module network, bool frozen)
    {
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
            parameter.requires_grad = !frozen;
    }
}
