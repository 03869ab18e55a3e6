using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>What a run's phases share: the device of their tensors, and who looks for numbers that are not finite.</summary>
/// <param name="device">Where the run trains.</param>
internal sealed class TrainingPlace(TrainingDevice device) : IDisposable
{
    /// <summary>Where networks, batches and losses are.</summary>
    public Device Device { get; } = device.Device;

    /// <summary>Whether losses are read in every step.</summary>
    public bool ReadsEveryStep { get; } = device.ReadsEveryStep;

    /// <summary>Looks for losses and gradients that are not finite.</summary>
    public DivergenceWatch Watch { get; } = new(deferred: !device.ReadsEveryStep);

    /// <inheritdoc/>
    public void Dispose() => Watch.Dispose();
}
