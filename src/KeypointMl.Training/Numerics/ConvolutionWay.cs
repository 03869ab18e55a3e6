using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>How a convolution is computed. All ways give the same values where libtorch's kernels are right.</summary>
[Flags]
internal enum ConvolutionWay
{
    /// <summary>As it is called.</summary>
    Direct = 0,

    /// <summary>With filters of zeros up to a full block of output channels, whose results are left out: oneDNN's kernels then see no tail.</summary>
    Padded = 1,

    /// <summary>With the input in the other layout: [N,C,H,W] in memory instead of [N,H,W,C], or the reverse.</summary>
    OtherLayout = 2,
}

/// <summary>A kernel that computes a convolution: input [N,C,H,W], weight [O,C,k,k], bias [O] or null, stride, padding → [N,O,H′,W′].</summary>
internal delegate Tensor ConvolutionKernel(Tensor input, Tensor weight, Tensor? bias, long stride, long padding);

/// <summary>The ways, in the order in which they are tried: by their cost where it was measured (docs/numerics.md).</summary>
internal static class ConvolutionWays
{
    public static readonly ConvolutionWay[] InOrder = [ConvolutionWay.Direct, ConvolutionWay.Padded, ConvolutionWay.OtherLayout, ConvolutionWay.Padded | ConvolutionWay.OtherLayout];

    /// <summary>libtorch's own.</summary>
    public static Tensor LibTorch(Tensor input, Tensor weight, Tensor? bias, long stride, long padding) =>
        functional.conv2d(input, weight, bias, strides: [stride, stride], padding: [padding, padding]);

    /// <summary>Whether a way differs from those before it for such a convolution.</summary>
    public static bool Applies(this ConvolutionWay way, ConvolutionShape shape) => !way.HasFlag(ConvolutionWay.Padded) || shape.HasTail;

    /// <summary>Computes a convolution in a way.</summary>
    public static Tensor Compute(this ConvolutionWay way, ConvolutionKernel kernel, Tensor input, Tensor weight, Tensor? bias, long stride, long padding)
    {
        if (way.HasFlag(ConvolutionWay.OtherLayout))
            input = ConvolutionShape.IsChannelsLast(input.shape, input.stride()) ? input.contiguous() : ImageTensors.ChannelsLast(input);
        long outputs = weight.shape[0];
        long missing = way.HasFlag(ConvolutionWay.Padded) ? (ConvolutionShape.Block - outputs % ConvolutionShape.Block) % ConvolutionShape.Block : 0;
        if (missing == 0)
            return kernel(input, weight, bias, stride, padding);
        long[] filters = [missing, .. weight.shape[1..]];
        Tensor padded = cat([weight, weight.new_zeros(filters)]);
        Tensor? paddedBias = bias is null ? null : cat([bias, bias.new_zeros(missing)]);
        return kernel(input, padded, paddedBias, stride, padding).narrow(1, 0, outputs);
    }

    /// <summary>The way as lines and files name it.</summary>
    public static string Name(this ConvolutionWay way) => way switch
    {
        ConvolutionWay.Direct => "direct",
        ConvolutionWay.Padded => "output channels padded",
        ConvolutionWay.OtherLayout => "other layout",
        _ => "output channels padded, other layout",
    };
}
