using static TorchSharp.torch;

namespace KeypointMl.Training.Losses;

/// <summary>
/// A term of the loss that trains Φ and Ψ: equation 6 has the reconstruction and the adversarial one. A term owns its
/// weight, its names in the log, and what it needs from step to step.
/// </summary>
public interface ILossTerm : IDisposable
{
    /// <summary>Compares what the networks made of a batch. Gradients flow through it into Φ and Ψ.</summary>
    /// <returns>Null where the batch has nothing that the term compares.</returns>
    LossTermValue? Compute(EncoderPass pass);

    /// <summary>Called when Φ and Ψ are updated: trains what the term has of its own, such as a discriminator.</summary>
    /// <param name="pass">Of <see cref="Compute"/>.</param>
    /// <param name="step">0-based.</param>
    /// <returns>What that minimised, by name: unweighted scalars without gradient.</returns>
    IReadOnlyList<(string Name, Tensor Value)> Update(EncoderPass pass, long step) => [];

    /// <summary>What a checkpoint keeps of the term beside networks and optimisers, by names that no other term has.</summary>
    IEnumerable<(string Name, Tensor Value)> State => [];

    /// <summary>Restores <see cref="State"/>.</summary>
    /// <param name="find">A tensor of the checkpoint by its name, or null where it has none.</param>
    /// <exception cref="InvalidDataException">A tensor is of another kind.</exception>
    void Restore(Func<string, Tensor?> find)
    {
    }
}

/// <summary>What a term comes to in one step.</summary>
/// <param name="Weighted">What is minimised: a scalar with a gradient.</param>
/// <param name="Named">Its parts for the log: unweighted scalars without gradient.</param>
public readonly record struct LossTermValue(Tensor Weighted, IReadOnlyList<(string Name, Tensor Value)> Named);

/// <summary>What the networks made of one batch. Images are in [−1,1], skeleton images and keypoints as Φ, η and β give them.</summary>
public sealed record EncoderPass
{
    /// <summary>x [N,3,H,W].</summary>
    public required Tensor Image { get; init; }

    /// <summary>x′ [N,3,H,W].</summary>
    public required Tensor Style { get; init; }

    /// <summary>p̄ [M,K,2] in [−1,1].</summary>
    public required Tensor PriorPoses { get; init; }

    /// <summary>ȳ = β(p̄) [M,1,H,W].</summary>
    public required Tensor PriorSkeletons { get; init; }

    /// <summary>y = Φ(x) [N,1,H,W].</summary>
    public required Tensor Skeletons { get; init; }

    /// <summary>p = η(y) [N,K,2] in [−1,1].</summary>
    public required Tensor Keypoints { get; init; }

    /// <summary>y* = β(p) [N,1,H,W], or y where an ablation leaves the bottleneck out.</summary>
    public required Tensor Clean { get; init; }

    /// <summary>x̂ = Ψ(y*, x′) [N,3,H,W].</summary>
    public required Tensor Reconstruction { get; init; }

    /// <summary>The keypoints of another view of x's frame; null where the batch has none.</summary>
    public ViewKeypoints? SecondView { get; init; }
}

/// <summary>The keypoints of a second view of a frame.</summary>
/// <param name="Keypoints">[N,K,2] in [−1,1] of the second view.</param>
/// <param name="FirstWarp">The warp [N,2,3] that made x from the frame (<see cref="Augmentations.AffineWarp"/>).</param>
/// <param name="SecondWarp">The warp [N,2,3] that made the second view from the frame.</param>
public sealed record ViewKeypoints(Tensor Keypoints, Tensor FirstWarp, Tensor SecondWarp);
