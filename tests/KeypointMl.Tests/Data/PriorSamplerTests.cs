using System.Numerics;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PriorSamplerTests
{
    [TestMethod]
    public void Without_augmentation_poses_of_the_prior_come_out_in_network_coordinates()
    {
        PosePrior prior = TestSkeletons.Prior();
        var sampler = new PriorSampler(prior, 64, 64, PoseAugmentation.None, 1);
        float[] drawn = new float[4 * 3 * 2];

        sampler.Fill(0, drawn);

        for (int n = 0; n < 4; n++)
        {
            int pose = Math.Abs(drawn[n * 6] - NormalizedCoordinates.FromPixel(10, 64)) < 1e-6 ? 0 : 1;
            for (int k = 0; k < 3; k++)
            {
                Vector2 expected = NormalizedCoordinates.FromPixel(prior.Poses[pose][k], 64, 64);
                Assert.AreEqual(expected.X, drawn[n * 6 + 2 * k], 1e-5f);
                Assert.AreEqual(expected.Y, drawn[n * 6 + 2 * k + 1], 1e-5f);
            }
        }
    }

    [TestMethod]
    public void Prior_of_a_larger_crop_is_scaled_as_its_pixels_are()
    {
        PosePrior prior = TestSkeletons.Prior(128, 128);

        Vector2 scaled = prior.ScaledTo(64, 32)[0][0];

        Assert.AreEqual(Box.WholeImage(128, 128).ToCrop(new Vector2(10, 20), 64, 32), scaled);
        Assert.AreEqual(4.75f, scaled.X);
    }

    [TestMethod]
    public void Rotation_scale_and_shift_stay_within_their_ranges_and_keep_the_shape()
    {
        PosePrior prior = TestSkeletons.Prior();
        var augmentation = new PoseAugmentation { RotationDegrees = 30, Scale = 0.2f, ShiftFraction = 0.1f };
        Vector2[][] drawn = new PriorSampler(prior, 64, 64, augmentation, 9).DrawPixels(3, 2000);
        float maxAngle = 0, minScale = 9, maxScale = 0;
        foreach (Vector2[] pose in drawn)
        {
            SimilarityTransform[] fits = [.. prior.Poses.Select(source => SimilarityTransform.Fit(source, pose))];
            int nearest = Residual(fits[0], prior.Poses[0], pose) < Residual(fits[1], prior.Poses[1], pose) ? 0 : 1;
            Assert.IsLessThan(1e-3f, Residual(fits[nearest], prior.Poses[nearest], pose));
            maxAngle = Math.Max(maxAngle, (float)Math.Abs(fits[nearest].Linear.Phase) * 180 / MathF.PI);
            minScale = Math.Min(minScale, (float)fits[nearest].Linear.Magnitude);
            maxScale = Math.Max(maxScale, (float)fits[nearest].Linear.Magnitude);
            Vector2 shift = fits[nearest].Apply(new Vector2(31.5f)) - new Vector2(31.5f);
            Assert.IsTrue(Math.Max(Math.Abs(shift.X), Math.Abs(shift.Y)) < 6.41f, $"shift {shift}");
        }
        Assert.IsTrue(maxAngle is > 29 and < 30.01f, $"angle {maxAngle}");
        Assert.IsTrue(minScale is < 0.81f and > 0.799f && maxScale is > 1.19f and < 1.201f, $"scale {minScale} to {maxScale}");

        static float Residual(SimilarityTransform fit, Vector2[] source, Vector2[] pose) =>
            source.Zip(pose, (from, to) => Vector2.Distance(fit.Apply(from), to)).Max();
    }

    [TestMethod]
    public void Flip_mirrors_the_crop_and_exchanges_left_and_right()
    {
        var prior = new PosePrior(TestSkeletons.Three, [[new Vector2(10, 20), new Vector2(50, 21), new Vector2(30, 40)]], 64, 64, "test");
        var sampler = new PriorSampler(prior, 64, 64, new PoseAugmentation { FlipProbability = 1 }, 1);

        Vector2[] pose = sampler.DrawPixels(0, 1)[0];

        Assert.IsLessThan(1e-4f, Vector2.Distance(new Vector2(13, 21), pose[0])); // left is where right was: 63 − 50
        Assert.IsLessThan(1e-4f, Vector2.Distance(new Vector2(53, 20), pose[1]));
        Assert.IsLessThan(1e-4f, Vector2.Distance(new Vector2(33, 40), pose[2]));
    }

    [TestMethod]
    public void Jitter_has_the_asked_deviation()
    {
        var prior = new PosePrior(TestSkeletons.Three, [[Vector2.Zero, Vector2.Zero, Vector2.Zero]], 64, 64, "test");
        Vector2[][] drawn = new PriorSampler(prior, 64, 64, new PoseAugmentation { JointJitter = 0.05f }, 1).DrawPixels(0, 2000);

        double deviation = Math.Sqrt(drawn.SelectMany(pose => pose).Average(point => point.X * point.X));

        Assert.AreEqual(3.2, deviation, 0.15); // 0.05·64; 6,000 draws: five standard deviations
    }

    [TestMethod]
    public void Draws_depend_on_seed_step_and_slot_alone()
    {
        var augmentation = new PoseAugmentation { RotationDegrees = 180 };
        Vector2[][] one = new PriorSampler(TestSkeletons.Prior(), 64, 64, augmentation, 1).DrawPixels(5, 4);
        Vector2[][] longer = new PriorSampler(TestSkeletons.Prior(), 64, 64, augmentation, 1).DrawPixels(5, 8);
        Vector2[][] other = new PriorSampler(TestSkeletons.Prior(), 64, 64, augmentation, 2).DrawPixels(5, 4);

        for (int n = 0; n < 4; n++)
            CollectionAssert.AreEqual(one[n], longer[n]);
        CollectionAssert.AreNotEqual(one[0], one[1]);
        CollectionAssert.AreNotEqual(one[0], other[0]);
    }

    [TestMethod]
    public void Augmentation_out_of_range_names_every_bad_value()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new PoseAugmentation
        {
            RotationDegrees = -1,
            Scale = float.NaN,
            FlipProbability = 2,
        }.Validate());

        Assert.AreEqual("Pose augmentation: RotationDegrees is -1, expected 0 to 360; Scale is NaN, expected 0 to 0.99; "
            + "FlipProbability is 2, expected 0 to 1.", error.Message);
    }

    [TestMethod]
    public void Fill_of_a_wrong_length_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(
            () => new PriorSampler(TestSkeletons.Prior(), 64, 64, PoseAugmentation.None, 1).Fill(0, new float[7]));

    [TestMethod]
    public void Combined_poses_are_new_ones_with_the_priors_mean_and_covariance()
    {
        var random = new Random(4);
        Vector2[][] poses = [.. Enumerable.Range(0, 200).Select(_ => Pose())];
        var sampler = new PriorSampler(
            new PosePrior(TestSkeletons.Three, poses, 64, 64, "test"), 64, 64, new PoseAugmentation { Combined = true }, 5);

        Vector2[][] drawn = sampler.DrawPixels(2, 20_000);

        for (int i = 0; i < 6; i++)
        {
            Assert.AreEqual(poses.Average(pose => At(pose, i)), drawn.Average(pose => At(pose, i)), 0.15);
            for (int j = 0; j < 6; j++)
            {
                double scale = Math.Sqrt(Covariance(poses, i, i) * Covariance(poses, j, j));
                Assert.AreEqual(Covariance(poses, i, j) / scale, Covariance(drawn, i, j) / scale, 0.04, $"{i}, {j}");
            }
        }
        int old = drawn.Count(pose => poses.Any(source => source.Zip(pose, Vector2.Distance).Max() < 0.1f));
        Assert.IsLessThan(drawn.Length / 20, old);

        // Bimodal in the first joint, and the second one follows it: neither normal nor independent.
        Vector2[] Pose()
        {
            float x = (random.NextDouble() < 0.3 ? 20 : 30) + random.NextSingle();
            return [new Vector2(x, 30 + random.NextSingle()), new Vector2(2 * x, 20 + 5 * random.NextSingle()),
                new Vector2(40 + random.NextSingle(), 50 - 0.5f * x)];
        }

        static double At(Vector2[] pose, int i) => pose[i / 2][i % 2];

        static double Covariance(Vector2[][] poses, int i, int j)
        {
            (double a, double b) = (poses.Average(pose => At(pose, i)), poses.Average(pose => At(pose, j)));
            return poses.Average(pose => (At(pose, i) - a) * (At(pose, j) - b));
        }
    }
}
