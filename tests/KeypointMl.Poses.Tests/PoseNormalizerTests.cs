using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class PoseNormalizerTests
{
    private const float Tolerance = 1e-5f; // float32 sums of a few numbers near 1

    private static readonly Skeleton Body = new("body", ["head", "neck", "pelvis", "left", "right"], []);
    private static readonly Vector2[] Standing = [new(50, 10), new(50, 20), new(50, 60), new(40, 100), new(60, 100)];

    [TestMethod]
    public void Normalize_by_default_gives_mean_0_and_root_mean_square_1()
    {
        Vector2[] pose = Normalize(PoseNormalization.Default, Standing);

        Assert.AreEqual(0, pose.Average(p => p.X), Tolerance);
        Assert.AreEqual(0, pose.Average(p => p.Y), Tolerance);
        Assert.AreEqual(1, pose.Average(p => p.LengthSquared()), Tolerance);
    }

    [TestMethod]
    public void Normalize_result_does_not_depend_on_place_size_and_heading_that_are_taken_out()
    {
        PoseNormalization[] all =
        [
            new() { UprightFrom = "pelvis", UprightTo = "neck" },
            new()
            {
                Origin = PoseOrigin.Keypoints,
                OriginKeypoints = ["pelvis"],
                Unit = PoseUnit.Length,
                LengthFrom = ["left", "right"],
                LengthTo = ["neck"],
                UprightFrom = "pelvis",
                UprightTo = "neck",
            },
        ];
        foreach (PoseNormalization normalization in all)
        {
            Vector2[] expected = Normalize(normalization, Standing);
            Vector2[] turned = Normalize(normalization,
                [.. Standing.Select(p => 3.7f * Vector2.Transform(p, Matrix3x2.CreateRotation(2.1f)) + new Vector2(-400, 90))]);
            for (int k = 0; k < expected.Length; k++)
                // coordinates near 400 in float32
                Assert.AreEqual(0, Vector2.Distance(expected[k], turned[k]), 1e-4f, $"{normalization.Origin}, keypoint {k}");
            Vector2 up = expected[1] - expected[2];
            Assert.AreEqual(0, up.X, Tolerance);
            Assert.IsLessThan(0, up.Y, "the neck is above the pelvis");
        }
    }

    [TestMethod]
    public void Normalize_by_box_centres_it_and_makes_its_larger_side_1()
    {
        Vector2[] pose = Normalize(new() { Origin = PoseOrigin.Box, Unit = PoseUnit.Box }, Standing);

        Assert.AreEqual((-0.5f, 0.5f), (pose.Min(p => p.Y), pose.Max(p => p.Y)));
        Assert.AreEqual(pose.Max(p => p.X), -pose.Min(p => p.X), Tolerance);
    }

    [TestMethod]
    public void Normalize_by_named_keypoints_puts_their_mean_at_0_and_their_distance_at_1()
    {
        Vector2[] pose = Normalize(new()
        {
            Origin = PoseOrigin.Keypoints,
            OriginKeypoints = ["left", "right"],
            Unit = PoseUnit.Length,
            LengthFrom = ["neck"],
            LengthTo = ["pelvis"],
        }, Standing);

        Assert.AreEqual(Vector2.Zero, pose[3] + pose[4]);
        Assert.AreEqual(1, Vector2.Distance(pose[1], pose[2]), Tolerance);
        Assert.AreEqual(new Vector2(0, -2.25f), pose[0]);
    }

    [TestMethod]
    public void Normalize_unchanged_leaves_the_pose() =>
        CollectionAssert.AreEqual(Standing, Normalize(new() { Origin = PoseOrigin.Unchanged, Unit = PoseUnit.Unchanged }, Standing));

    [TestMethod]
    public void Normalize_missing_keypoint_stays_missing_and_the_rest_is_that_of_the_others()
    {
        Vector2[] with = [.. Standing];
        with[4] = new Vector2(float.NaN, 5);
        Vector2[] pose = Normalize(PoseNormalization.Default, with);

        Assert.IsTrue(float.IsNaN(pose[4].X) && float.IsNaN(pose[4].Y));
        Assert.AreEqual(1, pose.Take(4).Average(p => p.LengthSquared()), Tolerance);
    }

    [TestMethod]
    public void Normalize_without_what_it_needs_is_not_a_number()
    {
        Vector2[] noNeck = [.. Standing];
        noNeck[1] = new Vector2(float.NaN);
        var torso = new PoseNormalization { Unit = PoseUnit.Length, LengthFrom = ["neck"], LengthTo = ["pelvis"] };

        Assert.IsTrue(Normalize(torso, noNeck).All(p => float.IsNaN(p.X)));
        Assert.IsTrue(Normalize(PoseNormalization.Default, [.. Standing.Select(_ => new Vector2(3, 3))]).All(p => float.IsNaN(p.X)),
            "a pose without extent");
        Assert.IsTrue(Normalize(new()
        {
            Origin = PoseOrigin.Box,
            Unit = PoseUnit.Box,
        }, [.. Standing.Select(_ => new Vector2(float.NaN))]).All(p => float.IsNaN(p.X)));
    }

    [TestMethod]
    public void Settings_that_contradict_each_other_are_refused()
    {
        StringAssert.Contains(Refused(new() { Origin = PoseOrigin.Keypoints }), "OriginKeypoints names no keypoint");
        StringAssert.Contains(Refused(new() { OriginKeypoints = ["neck"] }), "OriginKeypoints is given (neck)");
        StringAssert.Contains(Refused(new() { Unit = PoseUnit.Length, LengthFrom = ["neck"] }), "LengthTo names no keypoint");
        StringAssert.Contains(Refused(new() { UprightFrom = "neck" }), "must be given together");
        StringAssert.Contains(Refused(new() { UprightFrom = "neck", UprightTo = "neck" }), "both 'neck'");
        StringAssert.Contains(Refused(new()
        {
            UprightFrom = "neck",
            UprightTo = "tail",
        }), "no keypoint 'tail'; its keypoints are head, neck");
        StringAssert.Contains(Refused(new() { UprightFrom = "neck", UprightTo = "neck" }), "a direction needs two keypoints");
        StringAssert.Contains(Refused(new() { OriginKeypoints = ["neck", "head"] }),
            "(neck, head), but Origin Mean and Unit RootMeanSquare do not");
        StringAssert.Contains(Refused(new() { Unit = PoseUnit.Length }), "Origin Mean and Unit Length need at least one");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => new PoseNormalizer(Body, PoseNormalization.Default).Normalize(new Vector2[4])).Message,
            $"The pose has 4 points; skeleton '{Body.Name}' has 5 keypoints.");
        Assert.AreEqual("skeleton",
            Assert.ThrowsExactly<ArgumentNullException>(() => new PoseNormalizer(null!, PoseNormalization.Default)).ParamName);
        Assert.AreEqual("normalization", Assert.ThrowsExactly<ArgumentNullException>(() => new PoseNormalizer(Body, null!)).ParamName);
    }

    [TestMethod]
    public void Normalize_by_the_first_keypoint_finds_it()
    {
        var head = new PoseNormalization { Origin = PoseOrigin.Keypoints, OriginKeypoints = ["head"], Unit = PoseUnit.Unchanged };

        Vector2[] pose = Normalize(head, Standing);

        Assert.AreEqual(Vector2.Zero, pose[0]);
    }

    [TestMethod]
    public void Normalize_whose_origin_alone_is_missing_is_not_a_number()
    {
        Vector2[] noHead = [new(float.NaN), .. Standing.Skip(1)];

        Vector2[] pose = Normalize(new() { Origin = PoseOrigin.Keypoints, OriginKeypoints = ["head"] }, noHead);

        Assert.IsTrue(pose.All(p => float.IsNaN(p.X) && float.IsNaN(p.Y)));
    }

    [TestMethod]
    public void Normalize_leaves_infinite_points_not_a_number()
    {
        Vector2[] far = [new(float.PositiveInfinity, 1), .. Standing.Skip(1)];

        Vector2[] pose = Normalize(PoseNormalization.Default, far);

        Assert.IsTrue(float.IsNaN(pose[0].X) && float.IsNaN(pose[0].Y));
        Assert.IsTrue(float.IsFinite(pose[1].X));
    }

    private static string Refused(PoseNormalization normalization) =>
        Assert.ThrowsExactly<ArgumentException>(() => new PoseNormalizer(Body, normalization)).Message;

    private static Vector2[] Normalize(PoseNormalization normalization, Vector2[] pose)
    {
        Vector2[] copy = [.. pose];
        new PoseNormalizer(Body, normalization).Normalize(copy);
        return copy;
    }
}
