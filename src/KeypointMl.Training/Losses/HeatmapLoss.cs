using KeypointMl.Training.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Losses;

/// <summary>
/// What a <see cref="HeatmapDetector"/> is taught by, with labels or by a teacher: the distance of its keypoints from
/// where they should be, and the cross entropy of its heat maps with Gaussians about these places, which has a gradient
/// where a softmax has none.
/// </summary>
internal sealed record HeatmapLoss
{
    private const double GaussianCells = 1.5;
    private const double CrossEntropyWeight = 0.02;

    /// <summary>The mean distance in [−1,1] units; a scalar with a gradient.</summary>
    public required Tensor Distance { get; init; }

    /// <summary>The mean cross entropy in nats; a scalar with a gradient.</summary>
    public required Tensor CrossEntropy { get; init; }

    /// <summary>What is minimised.</summary>
    public Tensor Total => Distance + CrossEntropyWeight * CrossEntropy;

    /// <summary>The losses by name, for the log.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Named => [("coordinates", Distance.detach()), ("heat_maps", CrossEntropy.detach())];

    /// <summary>Compares a detector's heat maps with where its keypoints should be.</summary>
    /// <param name="detector">In training mode.</param>
    /// <param name="image">[N,3,H,W] in [−1,1].</param>
    /// <param name="target">[N,K,2] in [−1,1].</param>
    /// <param name="weight">[N,K] ≥ 0: how much each counts.</param>
    public static HeatmapLoss Compute(HeatmapDetector detector, Tensor image, Tensor target, Tensor weight)
    {
        Tensor logits = detector.Heatmaps(image);
        (Tensor p, _) = detector.Expectation.call(logits);
        Tensor distance = ((p - target).square().sum(-1) + 1e-8).sqrt();                                        // [N,K]
        double deviation = GaussianCells * 2 / logits.shape[3];
        Tensor squared = (target.unsqueeze(2) - detector.Expectation.Cells(logits)).square().sum(-1);           // [N,K,h·w]
        Tensor gaussian = functional.softmax(squared * (-1 / (2 * deviation * deviation)), -1);
        Tensor crossEntropy = -(gaussian * detector.Expectation.LogDistribution(logits)).sum(-1);
        Tensor total = weight.sum().clamp_min(1e-6);
        return new HeatmapLoss { Distance = (distance * weight).sum() / total, CrossEntropy = (crossEntropy * weight).sum() / total };
    }
}
