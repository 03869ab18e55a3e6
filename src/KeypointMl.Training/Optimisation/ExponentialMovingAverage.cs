using static TorchSharp.torch;

namespace KeypointMl.Training.Optimisation;

/// <summary>
/// The exponential moving average of a module's weights and buffers, kept in a second module of the same shape: what is
/// evaluated and exported, because raw checkpoints of adversarial training swing. Early on the decay is (1+t)/(10+t),
/// so that the start is forgotten.
/// </summary>
public static class ExponentialMovingAverage
{
    /// <summary>average ← average + (1−d)·(source − average) for every tensor; integer buffers are copied.</summary>
    /// <param name="average">The averaged module.</param>
    /// <param name="source">The module being trained.</param>
    /// <param name="decay">The final decay, in [0,1).</param>
    /// <param name="step">0-based step.</param>
    /// <exception cref="ArgumentException">The two have tensors of different names.</exception>
    public static void Update(nn.Module average, nn.Module source, double decay, long step)
    {
        using var _ = no_grad();
        double now = Math.Min(decay, (1.0 + step) / (10.0 + step));
        using var scope = NewDisposeScope();
        // A number is turned into a tensor of the default device, which is not the networks'.
        Tensor? share = null;
        foreach (((string name, Tensor to), (string sourceName, Tensor from)) in average.state_dict()
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))
            .Zip(source.state_dict().OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))))
        {
            if (name != sourceName)
                throw new ArgumentException($"The averaged module has '{name}' where its source has '{sourceName}'.", nameof(average));
            if (to.is_floating_point())
                to.lerp_(from, share ??= full([], 1 - now, dtype: ScalarType.Float32, device: to.device));
            else
                to.copy_(from);
        }
    }
}

/// <summary>A network that is trained and its average, which starts equal to it.</summary>
internal static class Twins
{
    /// <summary>Makes both from one seed; the average is in evaluation mode.</summary>
    public static (T Trained, T Average) Of<T>(ulong seed, Func<T> create)
        where T : nn.Module
    {
        T trained = Seeded();
        T average = Seeded();
        average.eval();
        return (trained, average);

        T Seeded()
        {
            random.manual_seed((long)seed);
            return create();
        }
    }
}
