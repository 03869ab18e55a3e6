using KeypointMl.Training.Calibration;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class PlattScalingTests
{
    [TestMethod]
    public void Fit_finds_the_curve_that_the_answers_were_drawn_from()
    {
        (double[] u, bool[] right) = Drawn(20_000, intercept: -1, slope: -2, seed: 1);

        ConfidenceCurve curve = PlattScaling.Fit([u], [right])[0];

        // Their standard errors at 20,000 values are about 0.02 and 0.03.
        Assert.AreEqual(-1, curve.Intercept, 0.1);
        Assert.AreEqual(-2, curve.Slope, 0.1);
    }

    [TestMethod]
    public void Fit_is_the_minimum_of_the_penalised_likelihood()
    {
        (double[] u, bool[] right) = Drawn(200, intercept: 0.5, slope: -1, seed: 2);
        ConfidenceCurve curve = PlattScaling.Fit([u], [right])[0];
        double least = Loss(curve);

        foreach (double step in new[] { -0.01, 0.01 })
        {
            Assert.IsGreaterThan(least, Loss(curve with { Intercept = curve.Intercept + step }));
            Assert.IsGreaterThan(least, Loss(curve with { Slope = curve.Slope + step }));
        }

        // Of one keypoint the common slope is its own, so that the penalty moves nothing.
        double Loss(ConfidenceCurve at)
        {
            double yes = right.Count(value => value), no = right.Length - yes;
            return u.Zip(right).Sum(pair =>
            {
                double z = at.Intercept + at.Slope * pair.First;
                double target = pair.Second ? (yes + 1) / (yes + 2) : 1 / (no + 2);
                return Math.Log(1 + Math.Exp(z)) - target * z;
            });
        }
    }

    [TestMethod]
    public void A_keypoint_that_is_always_right_is_not_certain()
    {
        double[] u = [-3, -2.5, -2, -1.5];

        ConfidenceCurve curve = PlattScaling.Fit([u], [[true, true, true, true]])[0];

        double probability = 1 / (1 + Math.Exp(-(curve.Intercept + curve.Slope * -2.25)));
        Assert.AreEqual(5.0 / 6, probability, 0.02); // (4 + 1)/(4 + 2)
    }

    [TestMethod]
    public void More_spread_never_makes_a_keypoint_surer()
    {
        (double[] u, bool[] wrongWay) = Drawn(5000, intercept: 1, slope: 1, seed: 3);

        ConfidenceCurve curve = PlattScaling.Fit([u], [wrongWay])[0];

        Assert.AreEqual(0, curve.Slope);
        Assert.AreEqual(wrongWay.Count(value => value) / 5000.0, 1 / (1 + Math.Exp(-curve.Intercept)), 1e-3);
    }

    [TestMethod]
    public void Few_values_take_the_slope_of_all_keypoints()
    {
        (double[] many, bool[] answers) = Drawn(5000, intercept: 0, slope: -2, seed: 4);

        ConfidenceCurve few = PlattScaling.Fit([many, [-0.1, 0.1, 0.0]], [answers, [true, true, false]])[1];

        Assert.AreEqual(-2, few.Slope, 0.3);
    }

    private static (double[] U, bool[] Right) Drawn(int count, double intercept, double slope, int seed)
    {
        var random = new Random(seed);
        double[] u = [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
        return (u, [.. u.Select(value => random.NextDouble() < 1 / (1 + Math.Exp(-(intercept + slope * value))))]);
    }
}
