using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

[TestClass]
public sealed class RangeEstimatorTests
{
    private const int Levels = 256;
    private const int Step = 8;
    private const double Smoothing = 1e-4;

    [TestMethod]
    public void Min_max_keeps_every_value_and_zero()
    {
        Assert.AreEqual(new ActivationRange(-2, 5), Estimate(CalibrationMethod.MinMax, [5, -2, 3]));
        Assert.AreEqual(new ActivationRange(0, 5), Estimate(CalibrationMethod.MinMax, [5, 2, 3]));
        Assert.AreEqual(new ActivationRange(-5, 0), Estimate(CalibrationMethod.MinMax, [-5, -2]));
    }

    [TestMethod]
    public void Percentile_of_ten_thousand_values_cuts_off_as_many_on_both_sides()
    {
        var random = new Random(3);
        for (int round = 0; round < 10; round++)
        {
            float[] values = [.. Enumerable.Range(0, 10_000).Select(_ => Gaussian(random) * 3)];
            ActivationHistogram histogram = ActivationHistogramTests.Of(values);
            ActivationRange range = RangeEstimator.Estimate(histogram, new OnnxQuantizationOptions
            {
                Calibration = CalibrationMethod.Percentile,
                Percentile = 99,
            });
            float[] sorted = [.. values.Order()];
            // 50 of 10,000 are below and 50 above; a value is known to its bin.
            Assert.IsTrue(range.Min >= sorted[49] - histogram.BinWidth
                && range.Min <= sorted[50] + histogram.BinWidth, $"{range.Min} between {sorted[49]} and {sorted[50]}");
            Assert.IsTrue(range.Max >= sorted[9949] - histogram.BinWidth
                && range.Max <= sorted[9950] + histogram.BinWidth, $"{range.Max} between {sorted[9949]} and {sorted[9950]}");
        }
    }

    [TestMethod]
    public void Percentile_of_100_is_min_max()
    {
        var random = new Random(4);
        float[] values = [.. Enumerable.Range(0, 1000).Select(_ => Gaussian(random))];
        var options = new OnnxQuantizationOptions { Calibration = CalibrationMethod.Percentile, Percentile = 100 };
        Assert.AreEqual(new ActivationRange(values.Min(), values.Max()),
            RangeEstimator.Estimate(ActivationHistogramTests.Of(values), options));
    }

    [TestMethod]
    public void Percentile_of_rectified_values_starts_at_zero()
    {
        var random = new Random(5);
        float[] values = [.. Enumerable.Range(0, 1000).Select(_ => MathF.Max(0, Gaussian(random)))];
        ActivationRange range = Estimate(CalibrationMethod.Percentile, values);
        Assert.AreEqual(0, range.Min);
        Assert.IsTrue(range.Max > 2 && range.Max <= values.Max(), $"{range.Max}");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Entropy_equals_the_literal_procedure(bool rectified)
    {
        var random = new Random(6);
        for (int round = 0; round < 3; round++)
        {
            // A bell with a long thin tail, as activations have.
            float[] values = [.. Enumerable.Range(0, 20_000).Select(_ => Gaussian(random))
                .Select(value => random.Next(200) == 0 ? value * 20 : value)];
            if (rectified)
                values = [.. values.Select(value => MathF.Max(0, value))];
            ActivationHistogram histogram = ActivationHistogramTests.Of(values);
            float reach = LiteralReach(histogram, rectified);
            ActivationRange range = RangeEstimator.Estimate(histogram, new OnnxQuantizationOptions
            {
                Calibration = CalibrationMethod.Entropy,
            });
            Assert.AreEqual(Math.Min(reach, values.Max()), range.Max);
            Assert.AreEqual(rectified ? 0 : Math.Max(-reach, values.Min()), range.Min);
        }
    }

    [TestMethod]
    public void Entropy_gives_up_a_single_far_outlier_and_keeps_an_even_spread()
    {
        float[] spread = [.. Enumerable.Range(0, 100_000).Select(index => index / 100_000f)];
        Assert.AreEqual(spread[^1], Estimate(CalibrationMethod.Entropy, spread).Max, 0.01f);
        // 15.9 is in the last sixteenth of what 1 fills, and one of 100,001 values.
        Assert.IsTrue(Estimate(CalibrationMethod.Entropy, [.. spread, 15.9f]).Max < 2);
    }

    [TestMethod]
    public void Activation_that_is_always_zero_has_an_empty_range()
    {
        foreach (CalibrationMethod method in Enum.GetValues<CalibrationMethod>())
            Assert.AreEqual(new ActivationRange(0, 0), Estimate(method, [0, 0, 0]));
    }

    private static ActivationRange Estimate(CalibrationMethod method, float[] values) =>
        RangeEstimator.Estimate(ActivationHistogramTests.Of(values), new OnnxQuantizationOptions { Calibration = method });

    private static float Gaussian(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    // Step by step, on lists: for each window, the histogram with its tails added to the ends, its 256-step version,
    // both smoothed and normalised, and their divergence.
    private static float LiteralReach(ActivationHistogram histogram, bool oneSided)
    {
        const int Zero = ActivationHistogram.HalfBins;
        List<double> bins = [.. histogram.Bins.ToArray().Select(count => (double)count)];
        bins[Zero] = bins[Zero + 1];
        int largest = Enumerable.Range(0, Zero).Where(distance => bins[Zero + distance] > 0 || bins[Zero - 1 - distance] > 0).Max() + 1;
        (double Divergence, int Half) best = (double.PositiveInfinity, 0);
        for (int half = oneSided ? Levels : Levels / 2; half <= largest; half += Step)
        {
            int start = oneSided ? Zero : Zero - half;
            int size = Zero + half - start;
            List<double> inside = bins.GetRange(start, size);
            List<double> reference = [.. inside];
            reference[0] += bins.Take(start).Sum();
            reference[^1] += bins.Skip(start + size).Sum();
            var quantized = new List<double>();
            for (int level = 0; level < Levels; level++)
            {
                int from = level * size / Levels;
                int count = ((level + 1) * size / Levels) - from;
                int used = reference.GetRange(from, count).Count(value => value != 0);
                double inLevel = inside.GetRange(from, count).Sum();
                quantized.AddRange(reference.GetRange(from, count).Select(value => value == 0 ? 0 : inLevel / used));
            }
            List<double> p = Distribution(reference);
            List<double> q = Distribution(quantized);
            double divergence = p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();
            if (divergence < best.Divergence)
                best = (divergence, half);
        }
        return (float)(best.Half * histogram.BinWidth);
    }

    private static List<double> Distribution(List<double> counts)
    {
        int empty = counts.Count(count => count == 0);
        List<double> smooth = [.. counts.Select(count => count == 0 ? Smoothing : count - (Smoothing * empty / (counts.Count - empty)))];
        double sum = smooth.Sum();
        return [.. smooth.Select(count => count / sum)];
    }
}
