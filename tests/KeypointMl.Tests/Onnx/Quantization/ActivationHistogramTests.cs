using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

[TestClass]
public sealed class ActivationHistogramTests
{
    [TestMethod]
    public void Values_in_batches_of_growing_size_are_counted_as_in_one_look_at_all()
    {
        var random = new Random(1);
        for (int round = 0; round < 20; round++)
        {
            float[][] batches = [.. Enumerable.Range(0, 6)
                .Select(batch => Values(random, random.Next(0, 300), Math.Pow(10, random.Next(-12, 8))))];
            var histogram = new ActivationHistogram();
            foreach (float[] batch in batches)
                Assert.IsTrue(histogram.TryAdd(batch));

            float[] all = [.. batches.SelectMany(batch => batch)];
            Assert.AreEqual(all.Length, histogram.Count);
            Assert.AreEqual((all.Min(), all.Max()), (histogram.Min, histogram.Max));
            double width = LiteralWidth(all);
            Assert.AreEqual(width, histogram.BinWidth);
            var expected = new long[2 * ActivationHistogram.HalfBins];
            foreach (float value in all)
                expected[(int)Math.Floor(value / width) + ActivationHistogram.HalfBins]++;
            CollectionAssert.AreEqual(expected, histogram.Bins.ToArray());
        }
    }

    [TestMethod]
    public void Order_of_batches_does_not_matter()
    {
        var random = new Random(2);
        float[][] batches = [.. new[] { 1e-3, 40, 1, 1e6 }.Select(scale => Values(random, 500, scale))];
        ActivationHistogram forward = Of(batches);
        ActivationHistogram backward = Of([.. batches.Reverse()]);
        CollectionAssert.AreEqual(forward.Bins.ToArray(), backward.Bins.ToArray());
    }

    [TestMethod]
    public void Zeros_before_the_first_other_value_stay_at_zero()
    {
        ActivationHistogram histogram = Of([0, 0, 0], [-3, 5]);
        Assert.AreEqual(3, histogram.Bins[ActivationHistogram.HalfBins]);
        Assert.AreEqual(8.0 / ActivationHistogram.HalfBins, histogram.BinWidth, "5 lies in [4, 8)");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void Values_that_are_not_finite_are_refused_and_not_counted(float value)
    {
        ActivationHistogram histogram = Of([1, 2]);
        Assert.IsFalse(histogram.TryAdd([3, value, 4]));
        Assert.AreEqual((2L, 2f), (histogram.Count, histogram.Max));
    }

    internal static ActivationHistogram Of(params float[][] batches)
    {
        var histogram = new ActivationHistogram();
        foreach (float[] batch in batches)
            Assert.IsTrue(histogram.TryAdd(batch));
        return histogram;
    }

    private static float[] Values(Random random, int count, double scale) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(((random.NextDouble() * 2) - 1) * scale))];

    // The smallest power of two above all magnitudes, divided into bins.
    private static double LiteralWidth(float[] values)
    {
        double largest = values.Max(Math.Abs);
        double reach = Math.Pow(2, -200);
        while (reach <= largest)
            reach *= 2;
        return reach / ActivationHistogram.HalfBins;
    }
}
