using KeypointMl.Data;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Losses;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>Each loss equals its formula on random numbers.</summary>
[TestClass]
public sealed class LossAgreementTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    [DataRow(FeatureDistance.SquaredL2, false)]
    [DataRow(FeatureDistance.L1, false)]
    [DataRow(FeatureDistance.SquaredL2, true)]
    public void ReconstructionLoss_of_several_steps_equals_quotients_of_running_means(FeatureDistance distance, bool startValues)
    {
        const double momentum = 0.99;
        using var loss = new ReconstructionLoss(new AveragePoolPyramid(6), distance, momentum);
        if (startValues)
            loss.RunningMeans = ReconstructionLoss.ImmStart;
        double[]? means = startValues ? [.. ReconstructionLoss.ImmStart.Select(value => (double)value)] : null;
        random.manual_seed(2);
        for (int step = 0; step < 4; step++)
        {
            using Tensor predicted = rand(2, 3, 32, 32) * 2 - 1;
            using Tensor target = rand(2, 3, 32, 32) * 2 - 1;
            float actual = loss.Compute(predicted, target).item<float>();

            double[] values = [.. Enumerable.Range(0, 6)
                .Select(level => Distance(Pooled(predicted, level), Pooled(target, level), distance))];
            means = means is null ? values : [.. means.Zip(values, (mean, value) => momentum * mean + (1 - momentum) * value)];
            double expected = values.Zip(means, (value, mean) => value / mean).Average();
            Assert.AreEqual(expected, actual, Tolerance * expected, $"step {step}");
        }
    }

    [TestMethod]
    public void LeastSquares_equals_mean_over_scales_of_squared_distances()
    {
        random.manual_seed(3);
        Tensor[] real = [randn(2, 1, 5, 5), randn(2, 1, 2, 2), randn(2, 1, 1, 1)];
        Tensor[] fake = [randn(2, 1, 5, 5), randn(2, 1, 2, 2), randn(2, 1, 1, 1)];
        double ToOne(Tensor scores) => Values(scores).Average(v => (v - 1) * (v - 1));
        double ToZero(Tensor scores) => Values(scores).Average(v => v * v);

        Assert.AreEqual(0.5 * (real.Average(ToOne) + fake.Average(ToZero)), LeastSquaresAdversarialLoss.Discriminator(real, fake)
            .item<float>(), Tolerance);
        Assert.AreEqual(fake.Average(ToOne), LeastSquaresAdversarialLoss.Generator(fake).item<float>(), Tolerance);
    }

    [TestMethod]
    public void Equivariance_equals_squared_distance_of_the_points_in_the_frame()
    {
        const int count = 3, keypoints = 4;
        var seeded = new SeededRandom(5, 6);
        var distribution = new AffineDistribution(30, 0.2, 0.1, 0.5);
        AffineMap[] first = [.. Enumerable.Range(0, count).Select(_ => distribution.Sample(ref seeded))];
        AffineMap[] second = [.. Enumerable.Range(0, count).Select(_ => distribution.Sample(ref seeded))];
        random.manual_seed(4);
        using Tensor p1 = rand(count, keypoints, 2) * 2 - 1;
        using Tensor p2 = rand(count, keypoints, 2) * 2 - 1;
        (double[] a, double[] b) = (Values(p1), Values(p2));
        double sum = 0;
        for (int n = 0; n < count; n++)
        {
            for (int k = 0; k < keypoints; k++)
            {
                int i = 2 * (n * keypoints + k);
                (double ax, double ay) = Apply(first[n], a[i], a[i + 1]);
                (double bx, double by) = Apply(second[n], b[i], b[i + 1]);
                sum += Math.Pow((ax - bx) / 2, 2) + Math.Pow((ay - by) / 2, 2); // crop units: [−1,1] is one crop wide
            }
        }
        double expected = 100 * sum / (count * keypoints);
        Assert.AreEqual(expected, EquivarianceLoss.Compute(p1, AffineWarp.Matrices(first), p2, AffineWarp.Matrices(second))
            .item<float>(), Tolerance * expected);

        static (double, double) Apply(AffineMap m, double x, double y) => (m.Xx * x + m.Xy * y + m.X0, m.Yx * x + m.Yy * y + m.Y0);
    }

    private static double Distance(double[] a, double[] b, FeatureDistance distance) =>
        a.Zip(b, (x, y) => distance == FeatureDistance.L1 ? Math.Abs(x - y) : (x - y) * (x - y)).Average();

    /// <summary>The means of blocks of 2^level × 2^level pixels.</summary>
    private static double[] Pooled(Tensor images, int level)
    {
        int block = 1 << level;
        (int maps, int height, int width) = ((int)(images.shape[0] * images.shape[1]), (int)images.shape[2], (int)images.shape[3]);
        double[] values = Values(images);
        var pooled = new double[maps * (height / block) * (width / block)];
        for (int i = 0; i < values.Length; i++)
        {
            (int map, int y, int x) = (i / (height * width), i / width % height, i % width);
            pooled[(map * (height / block) + y / block) * (width / block) + x / block] += values[i] / (block * block);
        }
        return pooled;
    }

    private static double[] Values(Tensor tensor) => [.. tensor.contiguous().data<float>().ToArray().Select(value => (double)value)];
}
