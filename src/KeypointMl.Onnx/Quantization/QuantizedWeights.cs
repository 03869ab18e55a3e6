namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Weights as signed 8-bit integers with one scale per output channel and zero points 0, and the bias as 32-bit
/// integers in units of input scale · weight scale.
/// </summary>
/// <param name="Values">The weights, in their own order.</param>
/// <param name="Scales">A scale per channel.</param>
/// <param name="Bias">The bias, or null.</param>
/// <param name="BiasScales">The unit of each channel's bias.</param>
internal sealed record QuantizedWeights(sbyte[] Values, float[] Scales, int[]? Bias, float[] BiasScales)
{
    private const int Largest = 127;

    // The bias and the sum of products share a 32-bit accumulator; each may use half of it.
    private const double LargestBias = 1 << 30;

    /// <summary>Quantises.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="dims">Their shape.</param>
    /// <param name="axis">The axis of the output channels.</param>
    /// <param name="bias">A number per channel, or null.</param>
    /// <param name="inputScale">The scale of the activation that the weights multiply.</param>
    public static QuantizedWeights Of(
        ReadOnlySpan<float> weights, IReadOnlyList<long> dims, int axis, ReadOnlySpan<float> bias, float inputScale)
    {
        int channels = checked((int)dims[axis]);
        int inner = (int)dims.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
        var largest = new float[channels];
        for (int index = 0; index < weights.Length; index++)
        {
            ref float channel = ref largest[index / inner % channels];
            channel = MathF.Max(channel, MathF.Abs(weights[index]));
        }
        var scales = new float[channels];
        var biasScales = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double needed = bias.IsEmpty ? 0 : Math.Abs(bias[channel]) / (LargestBias * inputScale);
            float scale = (float)Math.Max((double)largest[channel] / Largest, needed);
            scales[channel] = float.IsNormal(scale) ? scale : 1;
            biasScales[channel] = inputScale * scales[channel];
        }
        var values = new sbyte[weights.Length];
        for (int index = 0; index < weights.Length; index++)
            values[index] = (sbyte)Math.Clamp(Math.Round(weights[index] / (double)scales[index / inner % channels]), -Largest, Largest);
        int[]? integers = bias.IsEmpty ? null : new int[channels];
        for (int channel = 0; channel < (integers?.Length ?? 0); channel++)
            integers![channel] = (int)Math.Round(bias[channel] / (double)biasScales[channel]);
        return new QuantizedWeights(values, scales, integers, biasScales);
    }
}
