using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// A square two-dimensional convolution, the only one that the networks use: PyTorch's <c>Conv2d</c> with the same
/// weights, names and initial values, computed in a way that was checked on this processor
/// (<see cref="ConvolutionPlan"/>). It exports as one ONNX <c>Conv</c>, whatever the way.
/// </summary>
public sealed class Convolution : Module<Tensor, Tensor>, IOnnxExportable
{
    private readonly int stride;
    private readonly int padding;
    private readonly bool isLast;
    private Parameter weight;
    private readonly Parameter? bias;

    /// <param name="inputChannels">C of the input [N,C,H,W].</param>
    /// <param name="outputChannels">Channels of the output.</param>
    /// <param name="kernel">Kernel size.</param>
    /// <param name="stride">Stride of both axes.</param>
    /// <param name="padding">Zeros around the input.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="isLast">Whether its output leaves the network: that is float32, whatever the convolution computes with.</param>
    public Convolution(
        int inputChannels,
        int outputChannels,
        int kernel,
        int stride = 1,
        int padding = 0,
        bool bias = true,
        bool isLast = false)
        : base(nameof(Convolution))
    {
        this.stride = stride;
        this.padding = padding;
        this.isLast = isLast;
        // PyTorch's initial values, drawn in its order; the networks with the authors' own draw again (Initialization).
        weight = Parameter(empty(outputChannels, inputChannels, kernel, kernel, device: DeviceTensors.Cpu));
        init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias)
        {
            double bound = 1 / Math.Sqrt(inputChannels * kernel * kernel);
            this.bias = Parameter(empty(outputChannels, device: DeviceTensors.Cpu));
            init.uniform_(this.bias, -bound, bound);
        }
        RegisterComponents();
    }

    /// <summary>The kernel [outputs,inputs,k,k].</summary>
    public Parameter Weight => weight;

    /// <summary>The bias [outputs], or null.</summary>
    public Parameter? Bias => bias;

    /// <summary>
    /// What it computes with: float32, or bfloat16, to which input, kernel and bias are rounded then, as PyTorch's
    /// autocast does; the gradients of kernel and bias are float32. Here and not by libtorch's autocast, so that what
    /// is checked (<see cref="ConvolutionPlan"/>) is what is computed, and no state of a thread decides.
    /// </summary>
    internal ScalarType Precision { get; set; } = ScalarType.Float32;

    /// <summary>[N,C,H,W] → [N,outputs,H′,W′] with H′ = ⌊(H + 2·padding − kernel)/stride⌋ + 1.</summary>
    /// <exception cref="NumericsException">No way of computing it is right on this processor.</exception>
    public override Tensor forward(Tensor input)
    {
        if (Precision == ScalarType.Float32)
            return ConvolutionPlan.Shared.Compute(input, weight, bias, stride, padding);
        Tensor output = ConvolutionPlan.Shared.Compute(input.to(Precision), weight.to(Precision), bias?.to(Precision), stride, padding);
        return isLast ? output.to(ScalarType.Float32) : output;
    }

    /// <summary>Lays the kernel out channels-last, [outputs,k,k,inputs] in memory, with the same values: a new parameter.</summary>
    internal void UseChannelsLast()
    {
        var laid = new Parameter(ImageTensors.ChannelsLast(weight.detach()).DetachFromDisposeScope(), weight.requires_grad);
        weight.Dispose();
        weight = laid;
        ConditionallyRegisterParameter(nameof(weight), laid);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string kernel = context.Parameter("weight", weight);
        long size = weight.shape[2];
        return
        [
            context.Node(
                "Conv",
                bias is null ? [inputs[0], kernel] : [inputs[0], kernel, context.Parameter("bias", bias)],
                ("dilations", new long[] { 1, 1 }),
                ("group", 1L),
                ("kernel_shape", new[] { size, size }),
                ("pads", new long[] { padding, padding, padding, padding }),
                ("strides", new long[] { stride, stride })),
        ];
    }
}
