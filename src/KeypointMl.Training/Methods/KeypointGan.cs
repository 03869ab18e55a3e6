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
    private readonly IReadOnlyList<ILossTerm> terms;
    private readonly RegressorWeights weights;
    private readonly bool bottleneck;

    /// <summary>Keeps references; the caller owns and disposes all of them.</summary>
    /// <param name="networks">Φ, η, β, Ψ, D.</param>
    /// <param name="optimizers">Their optimisers.</param>
    /// <param name="terms">
    /// What Φ and Ψ minimise the sum of, in this order. The paper's are <see cref="ReconstructionTerm"/> and
    /// <see cref="AdversarialTerm"/>.
    /// </param>
    /// <param name="weights">Of η's fine-tuning; null: the authors'.</param>
    /// <param name="bottleneck">Whether Ψ sees y* = β(η(y)), or y itself (the ablation of table 4).</param>
    /// <exception cref="ArgumentException">There is no term.</exception>
    public KeypointGan(
        KeypointGanNetworks networks,
        KeypointGanOptimizers optimizers,
        IReadOnlyList<ILossTerm> terms,
        RegressorWeights? weights = null,
        bool bottleneck = true)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0)
            throw new ArgumentException("No term is given: nothing would train Φ and Ψ.", nameof(terms));
        Networks = networks;
        Optimizers = optimizers;
        this.terms = terms;
        this.weights = weights ?? new RegressorWeights();
        this.bottleneck = bottleneck;
    }

    /// <summary>Φ, η, β, Ψ, D.</summary>
    public KeypointGanNetworks Networks { get; }

    /// <summary>Their optimisers.</summary>
    public KeypointGanOptimizers Optimizers { get; }

    /// <summary>One step on one batch. Allocate inside a dispose scope.</summary>
    /// <returns>
    /// The losses by name, unweighted: float32 scalars without gradient, on the networks' device. Reading one waits for
    /// that device.
    /// </returns>
    /// <exception cref="TrainingDivergedException">
    /// A loss or a gradient is not finite; the weights are those before the update that would have spoilt them. Where
    /// the optimisers' watch is deferred, it throws later instead.
    /// </exception>
    public IReadOnlyList<(string Name, Tensor Value)> Step(TrainingBatch batch, long step)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var losses = new List<(string, Tensor)>();
        EncoderPass pass = UpdateEncoderAndGenerator(batch, losses, step);
        foreach (ILossTerm term in terms)
            losses.AddRange(term.Update(pass, step));
        UpdateRegressor(pass, losses, step);
        return losses;
    }

    /// <summary>Φ and Ψ by the sum of the terms; gradients flow through the frozen η.</summary>
    private EncoderPass UpdateEncoderAndGenerator(TrainingBatch batch, List<(string Name, Tensor Value)> losses, long step)
    {
        (Module<Tensor, Tensor> phi, KeypointRegressor eta, SkeletonRenderer beta, Module<Tensor, Tensor, Tensor> psi, _) = Networks;
        Freeze(eta, true);
        long n = batch.Image.shape[0];
        Tensor views = batch.SecondView is { } second ? cat([batch.Image, second.Image]) : batch.Image;
        Tensor prior = beta.call(batch.PriorPoses);
        Tensor allY = phi.call(views);                  // [N or 2N,1,H,W]
        (Tensor allP, _) = eta.call(allY);              // [N or 2N,K,2]
        Tensor y = allY.narrow(0, 0, n);
        Tensor p = allP.narrow(0, 0, n);
        Tensor clean = bottleneck ? beta.call(p) : y;   // y*
        var pass = new EncoderPass
        {
            Image = batch.Image,
            Style = batch.Style,
            PriorPoses = batch.PriorPoses,
            PriorSkeletons = prior,
            Skeletons = y,
            Keypoints = p,
            Clean = clean,
            Reconstruction = psi.call(clean, batch.Style),
            SecondView = batch.SecondView is { } view
                ? new ViewKeypoints(allP.narrow(0, n, n), view.FirstWarp, view.SecondWarp)
                : null,
        };
        Tensor? loss = null;
        foreach (ILossTerm term in terms)
        {
            if (term.Compute(pass) is not { } value)
                continue;
            loss = loss is null ? value.Weighted : loss + value.Weighted;
            losses.AddRange(value.Named);
        }
        if (loss is null)
            throw new InvalidOperationException("None of the terms has anything to compare in this batch.");
        Optimizers.Phi.Minimize(loss, step, "Φ and Ψ", Optimizers.Psi);
        Freeze(eta, false);
        return pass;
    }

    /// <summary>η by its fine-tuning: rendered prior poses, and agreement with Φ's output.</summary>
    private void UpdateRegressor(EncoderPass pass, List<(string Name, Tensor Value)> losses, long step)
    {
        Tensor y = pass.Skeletons.detach();
        long m = pass.PriorSkeletons.shape[0];
        (Tensor p, _) = Networks.Eta.call(cat([pass.PriorSkeletons, y]));
        Tensor onPrior = functional.mse_loss(p.narrow(0, 0, m), pass.PriorPoses);
        Tensor onImages = functional.mse_loss(Networks.Beta.call(p.narrow(0, m, y.shape[0])), y);
        Optimizers.Eta.Minimize(weights.Prior * onPrior + weights.Images * onImages, step, "η");
        losses.Add(("regressor_prior", onPrior.detach()));
        losses.Add(("regressor_images", onImages.detach()));
    }

    internal static void Freeze(Module network, bool frozen)
    {
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
            parameter.requires_grad = !frozen;
    }
}

/// <summary>The weights of η's fine-tuning.</summary>
/// <param name="Prior">Of MSE(η(β(p̄)), p̄) (the authors: 0.9).</param>
/// <param name="Images">Of MSE(β(η(Φ(x))), Φ(x)) (the authors: 0.1).</param>
public sealed record RegressorWeights(double Prior = 0.9, double Images = 0.1);
