using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Numerics;

/// <summary>How a convolution is computed. All ways give the same values where libtorch's kernels are right.</summary>
[Flags]
internal enum ConvolutionWay
{
    /// <summary>As it is called.</summary>
    Direct = 0,

    /// <summary>
    /// With filters of zeros up to a full block of output channels, whose results are left out: oneDNN's kernels then
    /// see no tail.
    /// </summary>
    Padded = 1,

    /// <summary>
    /// With the input in the other layout, [N,C,H,W] in memory instead of [N,H,W,C] or the reverse, and the output in the
    /// input's again.
    /// </summary>
    OtherLayout = 2,

    /// <summary>
    /// With the kernel's columns as input channels of a kernel one pixel wide, on as many shifted copies of the input:
    /// oneDNN fills a block of eight or sixteen channels where an image has one or three. Three to six times as fast
    /// with gradients, and channels-last whatever the input is. Under AVX-512 images that are channels-last already gain
    /// from it only where their own gradient is asked for.
    /// </summary>
    Unrolled = 4,

    /// <summary>
    /// A kernel of one pixel on channels-last images as what it is, a product of matrices, which does not go through
    /// oneDNN.
    /// </summary>
    Product = 8,
}

/// <summary>
/// A kernel that computes a convolution: input [N,C,H,W], weight [O,C,k,l], bias [O] or null, stride and padding of
/// rows and columns → [N,O,H′,W′].
/// </summary>
internal delegate Tensor ConvolutionKernel(
    Tensor input, Tensor weight, Tensor? bias, (long Rows, long Columns) stride, (long Rows, long Columns) padding);

/// <summary>The ways, in the order in which they are tried: by their cost where it was measured (docs/numerics.md).</summary>
internal static class ConvolutionWays
{
    /// <summary>Inputs of no more channels are worth unrolling.</summary>
    private const long MostUnrolledInputs = 3;

    public static readonly ConvolutionWay[] InOrder =
    [
        ConvolutionWay.Unrolled, ConvolutionWay.Direct, ConvolutionWay.Product,
        ConvolutionWay.Unrolled | ConvolutionWay.Padded, ConvolutionWay.Padded,
        ConvolutionWay.OtherLayout, ConvolutionWay.Padded | ConvolutionWay.OtherLayout,
    ];

    /// <summary>libtorch's own.</summary>
    public static Tensor LibTorch(
        Tensor input, Tensor weight, Tensor? bias, (long Rows, long Columns) stride, (long Rows, long Columns) padding) =>
        functional.conv2d(input, weight, bias, strides: [stride.Rows, stride.Columns], padding: [padding.Rows, padding.Columns]);

    /// <summary>Whether a way is worth trying for such a convolution.</summary>
    /// <param name="way">The way.</param>
    /// <param name="shape">The convolution.</param>
    /// <param name="avx512">Whether oneDNN computes with AVX-512.</param>
    public static bool Applies(this ConvolutionWay way, ConvolutionShape shape, bool avx512) =>
        (!way.HasFlag(ConvolutionWay.Padded) || shape.HasTail)
        && (!way.HasFlag(ConvolutionWay.Product) || shape is { IsPoint: true, ChannelsLast: true })
        && (!way.HasFlag(ConvolutionWay.Unrolled)
            || (shape is { Inputs: <= MostUnrolledInputs, Kernel: > 1 }
                && (shape.InputGradient || (shape.WeightGradient && !(avx512 && shape is { Inputs: > 1, ChannelsLast: true })))));

    /// <summary>Whether libtorch's own kernel computes it, without anything that goes round one.</summary>
    public static bool IsOwn(this ConvolutionWay way) => (way & ~ConvolutionWay.Unrolled) == ConvolutionWay.Direct;

    /// <summary>Computes a convolution with a square kernel in a way.</summary>
    public static Tensor Compute(
        this ConvolutionWay way, ConvolutionKernel kernel, Tensor input, Tensor weight, Tensor? bias, long stride, long padding)
    {
        if (way.HasFlag(ConvolutionWay.OtherLayout))
        {
            // The output in the input's layout again: what follows was announced in it.
            bool isChannelsLast = ConvolutionShape.IsChannelsLast(input.shape, input.stride());
            Tensor other = isChannelsLast ? input.contiguous() : ImageTensors.ChannelsLast(input);
            Tensor output = (way & ~ConvolutionWay.OtherLayout).Compute(kernel, other, weight, bias, stride, padding);
            return isChannelsLast ? ImageTensors.ChannelsLast(output) : output.contiguous();
        }
        long outputs = weight.shape[0];
        if (way.HasFlag(ConvolutionWay.Product))
            return nn.functional.linear(input.permute(0, 2, 3, 1), weight.flatten(1), bias).permute(0, 3, 1, 2);
        (long Rows, long Columns) strides = (stride, stride);
        (long Rows, long Columns) zeros = (padding, padding);
        if (way.HasFlag(ConvolutionWay.Unrolled))
        {
            (input, weight) = (UnrolledInput(input, weight.shape[3], stride, padding), UnrolledKernel(weight));
            (strides, zeros) = ((stride, 1), (padding, 0));
        }
        long missing = way.HasFlag(ConvolutionWay.Padded)
            ? (ConvolutionShape.Block - outputs % ConvolutionShape.Block) % ConvolutionShape.Block
            : 0;
        if (missing == 0)
            return kernel(input, weight, bias, strides, zeros);
        long[] filters = [missing, .. weight.shape[1..]];
        Tensor padded = cat([weight, weight.new_zeros(filters)]);
        Tensor? paddedBias = bias is null ? null : cat([bias, bias.new_zeros(missing)]);
        return kernel(input, padded, paddedBias, strides, zeros).narrow(1, 0, outputs);
    }

    /// <summary>The way as lines and files name it.</summary>
    public static string Name(this ConvolutionWay way) => (way & ~ConvolutionWay.Unrolled) switch
    {
        ConvolutionWay.Direct => "direct",
        ConvolutionWay.Product => "1×1 kernels as matrix products",
        ConvolutionWay.Padded => "output channels padded",
        ConvolutionWay.OtherLayout => "other layout",
        _ => "output channels padded, other layout",
    };

    /// <summary>
    /// [N,C,H,W] → [N,k·C,H,W′], channels-last: channel j·C + c of column x is channel c of column x·stride + j −
    /// padding.
    /// </summary>
    private static Tensor UnrolledInput(Tensor input, long kernel, long stride, long padding)
    {
        long width = (input.shape[3] + 2 * padding - kernel) / stride + 1;
        Tensor padded = functional.pad(input.permute(0, 2, 3, 1), [0, 0, padding, padding]);             // [N,H,W+2p,C]
        Tensor[] shifted = [.. Enumerable.Range(0, (int)kernel).Select(j => padded.slice(2, j, j + (width - 1) * stride + 1, stride))];
        return cat(shifted, 3).permute(0, 3, 1, 2);
    }

    /// <summary>[O,C,k,k] → [O,k·C,k,1].</summary>
    private static Tensor UnrolledKernel(Tensor weight) => weight.permute(0, 3, 1, 2).flatten(1, 2).unsqueeze(3).contiguous();
}
