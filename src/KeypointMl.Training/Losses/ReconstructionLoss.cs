using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Losses;

/// <summary>
/// L_perc of equation 4 over the maps of Γ. Each map's distance is divided by its own exponential running mean (the
/// release: μ = 0.99, initialised with the first value), so that no layer dominates; the loss is the mean of the
/// quotients.
/// </summary>
/// <param name="features">Γ.</param>
/// <param name="distance">How maps are compared.</param>
/// <param name="momentum">μ, in [0,1).</param>
public sealed class ReconstructionLoss(IFeatureExtractor features, FeatureDistance distance, double momentum) : IDisposable
{
    /// <summary>
    /// The running means that imm (Jakab and Gupta 2018) starts from, for the image and five convolutions: set
    /// <see cref="RunningMeans"/> to them.
    /// </summary>
    public static IReadOnlyList<float> ImmStart { get; } = [100, 1.6f, 2.3f, 1.8f, 2.8f, 100];

    private readonly Tensor?[] means = new Tensor?[features.Count]; // float32 scalars on the images' device

    /// <summary>
    /// The running means, one per map: part of a checkpoint. Empty before the first call of <see cref="Compute"/>,
    /// unless they were set.
    /// </summary>
    /// <exception cref="ArgumentException">Their number is not that of Γ's maps.</exception>
    public IReadOnlyList<float> RunningMeans
    {
        get => [.. means.OfType<Tensor>().Select(DeviceReads.Single)];
        set
        {
            if (value.Count > 0 && value.Count != means.Length)
            {
                throw new ArgumentException(
                    $"{value.Count} running means are given; this loss compares {means.Length} feature maps, each with its own.",
                    nameof(value));
            }
            for (int i = 0; i < means.Length; i++)
                Keep(i, value.Count == 0 ? null : tensor(value[i], device: DeviceTensors.Cpu));
        }
    }

    /// <summary>x̂ and x, [N,3,H,W] in [−1,1] → a scalar that is about 1 in a steady state; updates the running means.</summary>
    public Tensor Compute(Tensor reconstruction, Tensor image)
    {
        IReadOnlyList<Tensor> predicted = features.Extract(reconstruction);
        IReadOnlyList<Tensor> target;
        using (no_grad())
            target = features.Extract(image);
        Tensor? total = null;
        for (int i = 0; i < means.Length; i++)
        {
            Tensor loss = distance == FeatureDistance.L1
                ? functional.l1_loss(predicted[i], target[i])
                : functional.mse_loss(predicted[i], target[i]);
            Tensor quotient = loss / Updated(i, loss.detach()).clamp_min(1e-12);
            total = total is null ? quotient : total + quotient;
        }
        return total! / means.Length;
    }

    /// <summary>Disposes the running means, and Γ where it holds weights.</summary>
    public void Dispose()
    {
        RunningMeans = [];
        (features as IDisposable)?.Dispose();
    }

    /// <summary>A map's running mean after another value: computed where the images are, in double precision, and rounded.</summary>
    private Tensor Updated(int map, Tensor value)
    {
        using var _ = no_grad();
        Tensor mean = means[map] is { } before
            ? (momentum * before.to(ScalarType.Float64, value.device) + (1 - momentum) * value.to(ScalarType.Float64)).to(
                ScalarType.Float32)
            : value.clone();
        Keep(map, mean);
        return mean;
    }

    private void Keep(int map, Tensor? mean)
    {
        means[map]?.Dispose();
        means[map] = mean?.DetachFromDisposeScope();
    }
}
