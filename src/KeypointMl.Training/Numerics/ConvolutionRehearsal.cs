using static TorchSharp.torch;

namespace KeypointMl.Training.Numerics;

/// <summary>
/// Learns which convolutions a piece of training runs, without computing any: while it lives, every convolution of its
/// thread is noted, and gives zeros of the right shape and layout that depend on the weights, so that losses, gradients
/// and optimisers go through as they would.
/// </summary>
internal sealed class ConvolutionRehearsal : IDisposable
{
    private readonly HashSet<ConvolutionShape> shapes = [];
    private readonly ConvolutionRehearsal? outer = ConvolutionPlan.Rehearsal;

    /// <summary>Begins.</summary>
    public ConvolutionRehearsal() => ConvolutionPlan.Rehearsal = this;

    /// <summary>What was noted.</summary>
    public IReadOnlyCollection<ConvolutionShape> Shapes => shapes;

    /// <summary>Notes a convolution.</summary>
    /// <exception cref="InvalidOperationException">Its kernel is for other channels than the input's.</exception>
    public Tensor Note(Tensor input, Tensor weight, Tensor? bias, long stride, long padding)
    {
        if (input.shape[1] != weight.shape[1])
            throw new InvalidOperationException($"A convolution with {weight.shape[1]} input channel(s) is given {input.shape[1]}.");
        var shape = ConvolutionShape.Of(input, weight, bias, stride, padding);
        shapes.Add(shape);
        Tensor output = shape.ChannelsLast
            ? input.new_zeros(shape.Batch, shape.OutputHeight, shape.OutputWidth, shape.Outputs).permute(0, 3, 1, 2)
            : input.new_zeros(shape.Batch, shape.Outputs, shape.OutputHeight, shape.OutputWidth);
        if (!is_grad_enabled())
            return output;
        output = output + 0 * weight.sum();
        if (bias is not null)
            output = output + 0 * bias.sum();
        return shape.InputGradient ? output + 0 * input.sum() : output;
    }

    /// <inheritdoc/>
    public void Dispose() => ConvolutionPlan.Rehearsal = outer;
}
