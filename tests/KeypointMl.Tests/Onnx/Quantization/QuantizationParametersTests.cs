using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

[TestClass]
public sealed class QuantizationParametersTests
{
    [TestMethod]
    public void Parameters_of_given_ranges_are_those_computed_by_hand()
    {
        // 255 steps of 0.02 from −1.02: the 51st is 0.
        Assert.AreEqual(new QuantizationParameters(0.02f, 51, QuantizedActivation.UInt8),
            QuantizationParameters.Of(new(-1.02f, 4.08f), QuantizedActivation.UInt8));
        Assert.AreEqual(new QuantizationParameters(0.02f, 51 - 128, QuantizedActivation.Int8),
            QuantizationParameters.Of(new(-1.02f, 4.08f), QuantizedActivation.Int8));
        // A rectified activation starts at the lowest integer.
        Assert.AreEqual(new QuantizationParameters(0.5f, 0, QuantizedActivation.UInt8),
            QuantizationParameters.Of(new(0, 127.5f), QuantizedActivation.UInt8));
        Assert.AreEqual(new QuantizationParameters(0.5f, -128, QuantizedActivation.Int8),
            QuantizationParameters.Of(new(0, 127.5f), QuantizedActivation.Int8));
        Assert.AreEqual(new QuantizationParameters(0.5f, 255, QuantizedActivation.UInt8),
            QuantizationParameters.Of(new(-127.5f, 0), QuantizedActivation.UInt8));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1e-40f)]
    public void Activation_that_is_nearly_zero_gets_a_scale_that_divides(float max)
    {
        var parameters = QuantizationParameters.Of(new(0, max), QuantizedActivation.UInt8);
        Assert.AreEqual((1f, 0), (parameters.Scale, parameters.ZeroPoint));
    }

    [TestMethod]
    [DataRow(QuantizedActivation.UInt8, 0)]
    [DataRow(QuantizedActivation.Int8, -128)]
    public void Every_number_of_the_range_comes_back_within_a_step_and_zero_exactly(QuantizedActivation type, int lowest)
    {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++)
        {
            double size = Math.Pow(10, random.Next(-20, 20));
            ActivationRange range = ActivationRange.Around((float)(-random.NextDouble() * size), (float)(random.NextDouble() * size));
            var parameters = QuantizationParameters.Of(range, type);
            double RoundTrip(float value) =>
                (Math.Clamp(Math.Round(value / (double)parameters.Scale) + parameters.ZeroPoint, lowest, lowest + 255)
                    - parameters.ZeroPoint) * parameters.Scale;
            Assert.AreEqual(0, RoundTrip(0));
            float value = (float)(range.Min + (random.NextDouble() * ((double)range.Max - range.Min)));
            // Half a step of rounding, and at the ends up to half a step more, by which the range was moved to have 0
            // among its steps. 1e-5: the scale is a 32-bit float.
            Assert.AreEqual(value, RoundTrip(value), parameters.Scale * (1 + 1e-5));
        }
    }
}
