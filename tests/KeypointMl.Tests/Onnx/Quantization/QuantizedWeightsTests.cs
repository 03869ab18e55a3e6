using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

[TestClass]
public sealed class QuantizedWeightsTests
{
    [TestMethod]
    public void Scales_are_each_channels_largest_magnitude_over_127()
    {
        var weights = QuantizedWeights.Of([0.5f, -1.984375f, 0.25f, 15.875f, 0, -7.9375f], [2, 3], axis: 0, bias: [], inputScale: 1);
        CollectionAssert.AreEqual((float[])[1 / 64f, 1 / 8f], weights.Scales);
        CollectionAssert.AreEqual((sbyte[])[32, -127, 16, 127, 0, -64], weights.Values, "−7.9375 is 63.5 steps of 1/8, rounded to even");
        Assert.IsNull(weights.Bias);
    }

    [TestMethod]
    public void Axis_1_has_a_scale_per_column()
    {
        var weights = QuantizedWeights.Of([1, 20, 3, -2, 10, 6], [2, 3], axis: 1, bias: [], inputScale: 1);
        CollectionAssert.AreEqual((float[])[2f / 127, 20f / 127, 6f / 127], weights.Scales);
        Assert.AreEqual(127, weights.Values[1]);
        Assert.AreEqual(-127, weights.Values[3]);
    }

    [TestMethod]
    public void Bias_is_counted_in_steps_of_input_scale_times_weight_scale()
    {
        var weights = QuantizedWeights.Of([1.27f, 2.54f], [2, 1], axis: 0, bias: [3, -0.5f], inputScale: 0.5f);
        CollectionAssert.AreEqual((float[])[0.5f * (1.27f / 127), 0.5f * (2.54f / 127)], weights.BiasScales);
        CollectionAssert.AreEqual((int[])[600, -50], weights.Bias);
    }

    [TestMethod]
    public void Bias_that_outgrows_32_bits_widens_its_channels_scale()
    {
        // A channel that batch normalisation has all but switched off: weights of 1e-12, bias 1.
        var weights = QuantizedWeights.Of([1e-12f, 1], [2, 1], axis: 0, bias: [1, 1], inputScale: 0.01f);
        Assert.AreEqual(1 << 30, weights.Bias![0], 128, "a 32-bit scale has 24 digits");
        Assert.AreEqual(1, weights.Bias[0] * (double)weights.BiasScales[0], 1e-6);
        Assert.AreEqual(1f / 127, weights.Scales[1], "the other channel is as it would be");
    }

    [TestMethod]
    public void Channel_of_zeros_keeps_its_bias()
    {
        var weights = QuantizedWeights.Of([0, 0], [2, 1], axis: 0, bias: [0.3f, 0], inputScale: 0.02f);
        Assert.AreEqual(0.3, weights.Bias![0] * (double)weights.BiasScales[0], 1e-6);
        Assert.AreEqual((0, 1f), (weights.Bias[1], weights.Scales[1]));
    }

    [TestMethod]
    public void Every_weight_and_bias_comes_back_within_half_a_step()
    {
        var random = new Random(8);
        for (int round = 0; round < 200; round++)
        {
            int channels = random.Next(1, 9);
            int inner = random.Next(1, 20);
            float[] values = [.. Enumerable.Range(0, channels * inner)
                .Select(index => (float)((random.NextDouble() - 0.5) * Math.Pow(10, index / inner)))];
            float[] bias = [.. Enumerable.Range(0, channels).Select(_ => (float)(random.NextDouble() - 0.5))];
            var weights = QuantizedWeights.Of(values, [channels, inner], axis: 0, bias, inputScale: (float)random.NextDouble() + 1e-3f);
            for (int index = 0; index < values.Length; index++)
            {
                double step = weights.Scales[index / inner];
                Assert.AreEqual(values[index], weights.Values[index] * step, step * 0.500001);
            }
            for (int channel = 0; channel < channels; channel++)
            {
                Assert.AreEqual(bias[channel], weights.Bias![channel] * (double)weights.BiasScales[channel],
                    weights.BiasScales[channel] * 0.500001);
            }
        }
    }
}
