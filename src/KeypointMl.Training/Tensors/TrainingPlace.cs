using KeypointMl.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>What a run's phases share: the device of their tensors, and who looks for numbers that are not finite.</summary>
public sealed class TrainingPlace : IDisposable
{
    /// <param name="device">Where the run trains.</param>
    public TrainingPlace(TrainingDevice device)
    {
        Device = device.Device;
        ReadsEveryStep = device.ReadsEveryStep;
        Watch = new DivergenceWatch(deferred: !device.ReadsEveryStep);
        // PyTorch's defaults for convolutions. Products of matrices, of which there are few and which are coordinates, stay exact.
        if (Device.type == TorchSharp.DeviceType.CUDA)
        {
            backends.cudnn.allow_tf32 = true;
            backends.cuda.matmul.allow_tf32 = false;
            LibTorchSwitches.TimeCudnnAlgorithms(true);
        }
    }

    /// <summary>Where networks, batches and losses are.</summary>
    public Device Device { get; }

    /// <summary>Whether losses are read in every step.</summary>
    public bool ReadsEveryStep { get; }

    /// <summary>Looks for losses and gradients that are not finite.</summary>
    public DivergenceWatch Watch { get; }

    /// <inheritdoc/>
    public void Dispose() => Watch.Dispose();
}
