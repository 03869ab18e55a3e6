using KeypointMl.Training.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Testing;

/// <summary>Kernels that are right on every processor, and kernels that are wrong as libtorch's were seen to be.</summary>
internal static class Kernels
{
    /// <summary>Double precision, which no processor was seen to get wrong.</summary>
    public static Tensor Right(
        Tensor input, Tensor weight, Tensor? bias, (long Rows, long Columns) stride, (long Rows, long Columns) padding) =>
        functional.conv2d(
            input.to(ScalarType.Float64), weight.to(ScalarType.Float64), bias?.to(ScalarType.Float64),
            strides: [stride.Rows, stride.Columns], padding: [padding.Rows, padding.Columns]).to(ScalarType.Float32);

    /// <summary>The gradient with respect to the input loses the output channels after the last full block of 16.</summary>
    public static Tensor InputGradientLosesTail(
        Tensor input, Tensor weight, Tensor? bias, (long Rows, long Columns) stride, (long Rows, long Columns) padding)
    {
        long whole = weight.shape[0] / ConvolutionShape.Block * ConvolutionShape.Block;
        if (whole == weight.shape[0])
            return Right(input, weight, bias, stride, padding);
        Tensor tail = Right(input.detach(), weight.narrow(0, whole, weight.shape[0] - whole),
            bias?.narrow(0, whole, weight.shape[0] - whole), stride, padding);
        return whole == 0
            ? tail + 0 * input.sum()
            : cat([Right(input, weight.narrow(0, 0, whole), bias?.narrow(0, 0, whole), stride, padding), tail], 1);
    }

    /// <summary>The kernel's gradient counts every sample but the last.</summary>
    public static Tensor WeightGradientLosesSample(
        Tensor input, Tensor weight, Tensor? bias, (long Rows, long Columns) stride, (long Rows, long Columns) padding)
    {
        long last = input.shape[0] - 1;
        return cat(
        [
            Right(input.narrow(0, 0, last), weight, bias, stride, padding),
            Right(input.narrow(0, last, 1), weight.detach(), bias, stride, padding),
        ]);
    }

    /// <summary>One value of one channel of the last sample is not written.</summary>
    public static Tensor LeavesNaN(
        Tensor input, Tensor weight, Tensor? bias, (long Rows, long Columns) stride, (long Rows, long Columns) padding)
    {
        Tensor right = Right(input, weight, bias, stride, padding);
        Tensor mask = zeros_like(right);
        mask[-1, 0, 0, 0] = float.NaN;
        return right + mask;
    }

    /// <summary>Off by a twentieth in one value.</summary>
    public static Tensor ForwardIsOff(
        Tensor input, Tensor weight, Tensor? bias, (long Rows, long Columns) stride, (long Rows, long Columns) padding)
    {
        Tensor right = Right(input, weight, bias, stride, padding);
        Tensor offset = zeros_like(right);
        offset[0, -1, -1, -1] = 0.05f * right.detach().abs().max();
        return right + offset;
    }

    /// <summary>Wrong for inputs in one layout.</summary>
    public static ConvolutionKernel WrongIn(bool channelsLast, ConvolutionKernel wrong) => (input, weight, bias, stride, padding) =>
        (ConvolutionShape.IsChannelsLast(input.shape, input.stride()) == channelsLast ? wrong : Right)(
            input, weight, bias, stride, padding);
}
