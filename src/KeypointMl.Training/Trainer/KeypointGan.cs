using KeypointMl.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>The networks of figure 2 and one training step of section 3: Φ, Ψ → D → η.</summary>
public sealed class KeypointGan
{
    private readonly LossWeights weights;
    private readonly ReconstructionLoss reconstructionLoss;
    private readonly ImagePool pool;
    private readonly ulong seed;

    /// <summary>Keeps references; the caller owns and disposes all of them.</summary>
    public KeypointGan(KeypointGanNetworks networks, KeypointGanOptimizers optimizers, LossWeights weights, ReconstructionLoss reconstructionLoss, ImagePool pool, ulong seed)
    {
        Networks = networks;
        Optimizers = optimizers;
        this.weights = weights;
        this.reconstructionLoss = reconstructionLoss;
        this.pool = pool;
        this.seed = seed;
    }

    /// <summary>Φ, η, β, Ψ, D.</summary>
    public KeypointGanNetworks Networks { get; }

    /// <summary>Their optimisers.</summary>
    public KeypointGanOptimizers Optimizers { get; }

    /// <summary>One step on one batch. Allocate inside a dispose scope.</summary>
    /// <exception cref="TrainingDivergedException">A loss or a gradient is not finite; the weights are those before the update that would have spoilt them.</exception>
    public KeypointGanLosses Step(TrainingBatch batch, long step)
    {
        (Tensor y, double reconstruction, double adversarial, double equivariance) = UpdateEncoderAndGenerator(batch, step);
        Tensor prior = Networks.Beta.call(batch.PriorPoses);
        double discriminator = UpdateDiscriminator(prior, y, step);
        (double regressorPrior, double regressorImages) = UpdateRegressor(prior, batch.PriorPoses, y, step);
        return new KeypointGanLosses(reconstruction, adversarial, equivariance, discriminator, regressorPrior, regressorImages);
    }

    /// <summary>Φ and Ψ by λ_rec·L_perc + λ·L_disc (+ w·L_eq); gradients flow through the frozen η and D.</summary>
    private (Tensor Y, double Reconstruction, double Adversarial, double Equivariance) UpdateEncoderAndGenerator(TrainingBatch batch, long step)
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
        Tensor clean = beta.call(p);                    // y*
        Tensor reconstruction = psi.call(clean, batch.Style);

        Tensor perceptual = reconstructionLoss.Compute(reconstruction, batch.Image);
        Tensor adversarial = LeastSquaresAdversarialLoss.Generator(d.call(y));
        Tensor loss = weights.Reconstruction * perceptual + weights.Adversarial * adversarial;
        Tensor? equivariance = null;
        if (batch.SecondView is { } view)
        {
            equivariance = EquivarianceLoss.Compute(p, view.FirstWarp, allP.narrow(0, n, n), view.SecondWarp);
            loss = loss + weights.Equivariance * equivariance;
        }
        Optimizers.Phi.Minimize(loss, step, "Φ and Ψ", Optimizers.Psi);
        Freeze(eta, false);
        Freeze(d, false);
        return (y.detach(), perceptual.item<float>(), adversarial.item<float>(), equivariance?.item<float>() ?? 0);
    }

    /// <summary>D by equation 5, against a history of Φ's outputs.</summary>
    private double UpdateDiscriminator(Tensor prior, Tensor y, long step)
    {
        var random = new SeededRandom(seed, RandomStreams.ImagePool, (ulong)step);
        Tensor fake = pool.Query(y, ref random);
        Tensor loss = LeastSquaresAdversarialLoss.Discriminator(Networks.D.call(prior), Networks.D.call(fake));
        Optimizers.D.Minimize(loss, step, "D");
        return loss.item<float>();
    }

    /// <summary>η by its fine-tuning: rendered prior poses, and agreement with Φ's output.</summary>
    private (double Prior, double Images) UpdateRegressor(Tensor prior, Tensor priorPoses, Tensor y, long step)
    {
        long m = prior.shape[0];
        (Tensor p, _) = Networks.Eta.call(cat([prior, y]));
        Tensor onPrior = functional.mse_loss(p.narrow(0, 0, m), priorPoses);
        Tensor onImages = functional.mse_loss(Networks.Beta.call(p.narrow(0, m, y.shape[0])), y);
        Optimizers.Eta.Minimize(weights.RegressorPrior * onPrior + weights.RegressorImages * onImages, step, "η");
        return (onPrior.item<float>(), onImages.item<float>());
    }

    private static void Freeze(Module network, bool frozen)
    {
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
            parameter.requires_grad = !frozen;
    }
}
