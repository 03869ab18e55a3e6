using KeypointMl.Training.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Normalisation and (leaky) ReLU in one, in training, for channels-last images on the CPU: v = γ·(x − μ)/√(σ² + ε) +
/// β, y = v where v > 0 and slope·v elsewhere. μ and σ² are over the batch (Ioffe and Szegedy 2015) or over each image
/// (Ulyanov et al. 2016). The values are those of libtorch's modules one after the other, which take most of their time
/// where channels do not fill a vector register, and turn images to another layout for the second kind.
/// </summary>
internal sealed class NormalizedActivation : autograd.SingleTensorFunction<NormalizedActivation>
{
    private const string Slope = "slope";

    /// <inheritdoc/>
    public override string Name => nameof(NormalizedActivation);

    /// <summary>Whether <see cref="Batch"/> or <see cref="Instance"/> takes such an input; otherwise the modules are called.</summary>
    public static bool Takes(Tensor input, nn.Module norm) =>
        norm.training && input.device_type == TorchSharp.DeviceType.CPU && input.dtype == ScalarType.Float32
        && input.NumberOfElements < int.MaxValue / sizeof(float)
        && ConvolutionShape.IsChannelsLast(input.shape, input.stride());

    /// <summary>Batch normalisation and ReLU; updates the running statistics as the module would.</summary>
    /// <param name="input">[N,C,H,W] float32, channels-last.</param>
    /// <param name="norm">In training mode.</param>
    /// <returns>[N,C,H,W], channels-last, ≥ 0.</returns>
    /// <exception cref="InvalidOperationException">There is one value of each channel; libtorch refuses it as well.</exception>
    public static Tensor Batch(Tensor input, BatchNorm2d norm)
    {
        if (input.NumberOfElements == input.shape[1])
        {
            throw new InvalidOperationException(
                "Batch normalisation is given one value of each channel, which has no variance: take a larger batch or larger images.");
        }
        Tensor x = input.permute(0, 2, 3, 1).contiguous(); // rows with gaps come from padded convolutions
        Statistics statistics = Statistics.Of(x, groups: 1, norm.eps);
        using (no_grad())
        {
            double value = norm.momentum
                ?? throw new NotSupportedException("Batch normalisation without a momentum is not used by the networks.");
            using Tensor momentum = full([], value, dtype: ScalarType.Float32, device: x.device);
            double pixels = (double)x.NumberOfElements / x.shape[3];
            norm.running_mean!.lerp_(statistics.Mean.squeeze(0), momentum);
            norm.running_var!.lerp_(statistics.Variance.squeeze(0) * (pixels / (pixels - 1)), momentum);
            norm.num_batches_tracked!.add_(1);
        }
        return apply(x, norm.weight!, norm.bias!, statistics.Mean, statistics.InverseDeviation, 0.0).permute(0, 3, 1, 2);
    }

    /// <summary>Instance normalisation without γ and β, and leaky ReLU.</summary>
    /// <param name="input">[N,C,H,W] float32, channels-last.</param>
    /// <param name="norm">The module.</param>
    /// <param name="slope">Of the activation where its input is negative; 0: ReLU.</param>
    /// <returns>[N,C,H,W], channels-last.</returns>
    public static Tensor Instance(Tensor input, InstanceNorm2d norm, double slope = 0)
    {
        Tensor x = input.permute(0, 2, 3, 1).contiguous(); // rows with gaps come from padded convolutions
        Statistics statistics = Statistics.Of(x, groups: (int)x.shape[0], norm.eps);
        Tensor one = ones(x.shape[3], dtype: ScalarType.Float32, device: x.device);
        return apply(x, one, zeros_like(one), statistics.Mean, statistics.InverseDeviation, slope).permute(0, 3, 1, 2);
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        (Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor inverse) =
            ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (Tensor)vars[4]);
        ctx.save_for_backward([x, weight, bias, mean, inverse]);
        ctx.save_data(Slope, vars[5]);
        Tensor scale = weight * inverse;                 // [G,C]
        Tensor shift = bias - mean * scale;
        Tensor y = empty_like(x);
        new ChannelRows(x, (int)mean.shape[0]).Activate(x, scale, shift, (float)(double)vars[5], y);
        return y;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradOutput)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor inverse) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        float slope = (float)(double)ctx.get_data(Slope);
        Tensor gradient = gradOutput.contiguous();
        var rows = new ChannelRows(x, (int)mean.shape[0]);
        Tensor scale = weight * inverse;
        Tensor shift = bias - mean * scale;
        (Tensor sum, Tensor product) = rows.GradientSums(x, gradient, scale, shift, mean, slope);    // [G,C]: Σg′ and Σg′·(x − μ)
        Tensor ofX = -scale * inverse.square() * product / rows.PixelsPerGroup;                      // [G,C]
        Tensor constant = -scale * sum / rows.PixelsPerGroup - ofX * mean;
        Tensor dx = empty_like(x);
        rows.InputGradient(x, gradient, scale, shift, slope, ofX, constant, dx);
        return [dx, (product * inverse).sum([0L]), sum.sum([0L]), null!, null!, null!];
    }

    /// <summary>Mean and variance of each channel over groups of pixels, [G,C] float32, without gradients.</summary>
    private sealed record Statistics(Tensor Mean, Tensor Variance, Tensor InverseDeviation)
    {
        public static Statistics Of(Tensor x, int groups, double epsilon)
        {
            using var _ = no_grad();
            (Tensor mean, Tensor variance) = new ChannelRows(x, groups).Moments(x);
            return new Statistics(mean, variance, (variance + epsilon).rsqrt());
        }
    }
}
