using KeypointMl.Data;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Losses;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class LossTests
{
    [TestMethod]
    public void ReconstructionLoss_first_value_is_one_and_later_ones_are_relative_to_the_running_mean()
    {
        var loss = new ReconstructionLoss(new AveragePoolPyramid(2), FeatureDistance.SquaredL2, 0.5);
        using Tensor image = zeros(1, 3, 4, 4);
        Assert.AreEqual(1f, loss.Compute(image + 1, image).item<float>(), 1e-6f);
        // The second distance is 4 per level; its mean becomes 0.5·1 + 0.5·4 = 2.5.
        Assert.AreEqual(4 / 2.5f, loss.Compute(image + 2, image).item<float>(), 1e-6f);
        CollectionAssert.AreEqual(new[] { 2.5f, 2.5f }, loss.RunningMeans.ToArray());
    }

    [TestMethod]
    public void ReconstructionLoss_with_imms_start_values_divides_by_their_first_update()
    {
        using var loss = new ReconstructionLoss(new AveragePoolPyramid(6), FeatureDistance.SquaredL2, 0.99)
        {
            RunningMeans = ReconstructionLoss.ImmStart,
        };
        using Tensor image = zeros(1, 3, 32, 32);
        double expected = new[] { 100, 1.6, 2.3, 1.8, 2.8, 100 }.Average(start => 4 / (0.99 * start + 0.01 * 4));
        Assert.AreEqual(expected, loss.Compute(image + 2, image).item<float>(), 1e-6 * expected); // float32
        Assert.ThrowsExactly<ArgumentException>(() =>
            new ReconstructionLoss(new AveragePoolPyramid(2), FeatureDistance.L1, 0.5).RunningMeans = ReconstructionLoss.ImmStart);
    }

    [TestMethod]
    public void LeastSquares_is_zero_exactly_at_its_targets()
    {
        Tensor[] one = [ones(2, 1, 3, 3), ones(2, 1, 1, 1)];
        Tensor[] zero = [zeros(2, 1, 3, 3), zeros(2, 1, 1, 1)];
        Assert.AreEqual(0f, LeastSquaresAdversarialLoss.Discriminator(one, zero).item<float>());
        Assert.AreEqual(1f, LeastSquaresAdversarialLoss.Discriminator(zero, one).item<float>());
        Assert.AreEqual(1f, LeastSquaresAdversarialLoss.Generator(zero).item<float>());
    }

    [TestMethod]
    public void ImagePool_full_swaps_about_half_and_never_loses_an_image()
    {
        using var pool = new ImagePool(10);
        int swapped = 0;
        for (int step = 0; step < 60; step++)
        {
            var random = new SeededRandom(3, 1, (ulong)step);
            using Tensor batch = full([5, 1, 1, 1], (float)step);
            float[] got = [.. pool.Query(batch, ref random).contiguous().data<float>()];
            if (step < 2)
                Assert.IsTrue(got.All(value => value == step), "while the pool fills, images come back as they are");
            else
                swapped += got.Count(value => value != step);
        }
        Assert.AreEqual(10, pool.Images.Count);
        Assert.IsTrue(swapped is > 100 and < 190, $"{swapped} of 290 were swapped"); // ½ ± 5 standard deviations
    }

    [TestMethod]
    public void EquivarianceLoss_same_point_seen_in_two_views_is_zero()
    {
        var distribution = new AffineDistribution(40, 0.2, 0.1);
        var random = new SeededRandom(1, 2);
        AffineMap[] first = [distribution.Sample(ref random)];
        AffineMap[] second = [distribution.Sample(ref random)];
        var point = new System.Numerics.Vector2(0.3f, -0.2f);
        using Tensor p1 = Point(first[0].Inverse().Apply(point));
        using Tensor p2 = Point(second[0].Inverse().Apply(point));
        Assert.AreEqual(0, EquivarianceLoss.Compute(p1, AffineWarp.Matrices(first), p2, AffineWarp.Matrices(second)).item<float>(), 1e-8);
        using Tensor off = p2 + 0.1f;
        Assert.IsTrue(EquivarianceLoss.Compute(p1, AffineWarp.Matrices(first), off, AffineWarp.Matrices(second)).item<float>() > 0.1);

        static Tensor Point(System.Numerics.Vector2 value) => tensor(new[] { value.X, value.Y }, [1, 1, 2]);
    }
}
