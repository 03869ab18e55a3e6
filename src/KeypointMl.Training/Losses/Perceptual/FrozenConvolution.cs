using KeypointMl.Training.Numerics;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Losses.Perceptual;

/// <summary>A convolution of a pretrained network, which is not trained: computed in a checked way (<see cref="ConvolutionPlan"/>).</summary>
internal sealed class FrozenConvolution : IDisposable
{
    private readonly Tensor kernel;
    private readonly Tensor bias;
    private readonly int stride;
    private readonly int padding;

    /// <param name="kernel">[outputs,inputs,k,k], row-major.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="stride">Stride of both axes.</param>
    /// <param name="device">Where the images will be; null: on the CPU.</param>
    public FrozenConvolution(float[] kernel, ReadOnlySpan<long> shape, float[] bias, int stride, Device? device)
    {
        this.kernel = Constant(kernel, shape, device);
        this.bias = Constant(bias, [bias.Length], device);
        this.stride = stride;
        padding = (int)shape[2] / 2;
    }

    /// <summary>[N,inputs,H,W] → [N,outputs,H′,W′], H′ = ⌈H / stride⌉.</summary>
    public Tensor Apply(Tensor input) => ConvolutionPlan.Shared.Compute(input, kernel, bias, stride, padding);

    /// <inheritdoc/>
    public void Dispose()
    {
        kernel.Dispose();
        bias.Dispose();
    }

    /// <summary>Numbers that outlive the step in which they are made.</summary>
    internal static Tensor Constant(float[] values, ReadOnlySpan<long> shape, Device? device) =>
        tensor(values, shape.ToArray(), device: DeviceTensors.Cpu).OnDevice(device ?? DeviceTensors.Cpu).DetachFromDisposeScope();
}
