using static TorchSharp.torch;

namespace KeypointMl.Training.Numerics;

/// <summary>
/// What decides which kernels libtorch runs for a convolution: sizes, layout, element type, and which gradients are
/// asked for.
/// </summary>
/// <param name="Batch">N of the input [N,C,H,W].</param>
/// <param name="Inputs">C.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="Outputs">Channels of the output.</param>
/// <param name="Kernel">Size of the square kernel.</param>
/// <param name="Stride">Of both axes.</param>
/// <param name="Padding">Zeros on every side.</param>
/// <param name="HasBias">Whether a bias is added.</param>
/// <param name="ChannelsLast">Whether the input's layout in memory is [N,H,W,C] rather than [N,C,H,W].</param>
/// <param name="Type">Of the elements.</param>
/// <param name="InputGradient">Whether the gradient with respect to the input is computed.</param>
/// <param name="WeightGradient">Whether the gradients with respect to kernel and bias are computed.</param>
internal sealed record ConvolutionShape(
    long Batch, long Inputs, long Height, long Width, long Outputs, long Kernel, long Stride, long Padding,
    bool HasBias, bool ChannelsLast, ScalarType Type, bool InputGradient, bool WeightGradient)
{
    /// <summary>The channels of one block of oneDNN's layouts under AVX-512; a divisor of it under older instruction sets.</summary>
    public const long Block = 16;

    /// <summary>Whether the last block of output channels is not full.</summary>
    public bool HasTail => Outputs % Block != 0;

    /// <summary>Whether an output pixel depends on one input pixel, its own.</summary>
    public bool IsPoint => this is { Kernel: 1, Stride: 1, Padding: 0 };

    /// <summary>H′ of the output.</summary>
    public long OutputHeight => (Height + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>W′ of the output.</summary>
    public long OutputWidth => (Width + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>The shape of one call.</summary>
    public static ConvolutionShape Of(Tensor input, Tensor weight, Tensor? bias, long stride, long padding)
    {
        long[] size = input.shape;
        long[] kernel = weight.shape;
        bool gradients = is_grad_enabled();
        return new ConvolutionShape(
            size[0], size[1], size[2], size[3], kernel[0], kernel[2], stride, padding, bias is not null,
            IsChannelsLast(size, input.stride()), input.dtype,
            gradients && input.requires_grad, gradients && weight.requires_grad);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Batch}x{Inputs}x{Height}x{Width} {(ChannelsLast ? "nhwc" : "nchw")} {Type} k{Kernel} s{Stride} p{Padding} -> {Outputs}"
        + $"{(HasBias ? " bias" : "")}{(InputGradient ? " dx" : "")}{(WeightGradient ? " dw" : "")}";

    /// <summary>
    /// PyTorch's rule (<c>is_channels_last_strides_2d</c>), by which it chooses the layout of a convolution; it also
    /// decides where one channel or pixel leaves both possible.
    /// </summary>
    internal static bool IsChannelsLast(ReadOnlySpan<long> size, ReadOnlySpan<long> stride)
    {
        long smallest = 0;
        if (stride[1] == 0)
            return false;
        foreach (int axis in (ReadOnlySpan<int>)[1, 3, 2, 0])
        {
            if (size[axis] == 0 || stride[axis] < smallest || (axis == 0 && smallest == stride[1]))
                return false;
            smallest = size[axis] > 1 ? stride[axis] * size[axis] : stride[axis];
        }
        return true;
    }
}
