using System.Numerics;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class ProcrustesMeanTests
{
    private const float Tolerance = 1e-4f;

    private static readonly Vector2[] Tall = [new(0, -3), new(1, 0), new(0, 3), new(-1, 0)];
    private static readonly Vector2[] Wide = [new(0, -1), new(3, 0), new(0, 1), new(-3, 0)];

    [TestMethod]
    public void Mean_has_its_centre_at_0_and_unit_size()
    {
        Vector2[] mean = ProcrustesMean.Compute([Moved(Tall, 0.7f, 3, new(5, -7))])!;

        Assert.AreEqual(0, mean.Average(point => point.X), Tolerance);
        Assert.AreEqual(0, mean.Average(point => point.Y), Tolerance);
        Assert.AreEqual(1, mean.Average(point => point.LengthSquared()), Tolerance);
    }

    [TestMethod]
    public void Mean_of_two_shapes_lies_half_way_whatever_their_place_heading_and_size()
    {
        // Both are symmetric about the same axes, so that they are aligned as they are: unit shapes, summed and scaled to unit size.
        Vector2[] mean = ProcrustesMean.Compute([Tall, Moved(Wide, 2, 7, new(-20, 4))])!;

        float ratio = Vector2.Distance(mean[0], mean[2]) / Vector2.Distance(mean[1], mean[3]);
        Assert.AreEqual(1, ratio, Tolerance);
        Assert.AreEqual(1, mean.Average(point => point.LengthSquared()), Tolerance);
        Assert.AreEqual(0, Vector2.Dot(Vector2.Normalize(mean[0] - mean[2]), Vector2.Normalize(mean[1] - mean[3])), Tolerance);
    }

    [TestMethod]
    public void Mean_does_not_depend_on_which_pose_comes_first()
    {
        var random = new Random(3);
        Vector2[][] poses = [.. Enumerable.Range(0, 6).Select(i => Moved(
            [.. Tall.Select(p => p + new Vector2(random.NextSingle(), random.NextSingle()))], i, 1 + i, new(i, -i)))];

        Vector2[] mean = ProcrustesMean.Compute(poses)!;
        Vector2[] other = ProcrustesMean.Compute([.. poses.Reverse()])!;

        SimilarityTransform fitted = SimilarityTransform.Fit(other, mean);
        Assert.IsTrue(mean.Zip(other).All(pair => Vector2.Distance(pair.First, fitted.Apply(pair.Second)) < Tolerance));
    }

    [TestMethod]
    public void Mean_is_that_to_which_the_aligned_poses_average()
    {
        var random = new Random(4);
        Vector2[][] poses = [.. Enumerable.Range(0, 5).Select(_ =>
            Tall.Select(p => p + (4 * new Vector2(random.NextSingle(), random.NextSingle()))).ToArray())];

        Vector2[] mean = ProcrustesMean.Compute(poses)!;

        // Each pose, with unit size, turned by the angle that a search of all angles finds to be nearest to the mean.
        var sum = new Vector2[mean.Length];
        foreach (Vector2[] pose in poses)
        {
            Vector2[] unit = ProcrustesMean.Compute([pose])!;
            Vector2[] nearest = Enumerable.Range(0, 36_000).Select(i => Moved(unit, i * MathF.Tau / 36_000, 1, default))
                .MinBy(turned => turned.Zip(mean, Vector2.DistanceSquared).Sum())!;
            for (int k = 0; k < sum.Length; k++)
                sum[k] += nearest[k];
        }
        float size = MathF.Sqrt(sum.Average(point => point.LengthSquared()));
        for (int k = 0; k < sum.Length; k++)
            Assert.IsLessThan(1e-3f, Vector2.Distance(sum[k] / size, mean[k]), "an angle of the search is off by 10⁻⁴ at most");
    }

    [TestMethod]
    [DataRow(float.NaN, 0f)]
    [DataRow(0f, float.NaN)]
    [DataRow(float.PositiveInfinity, 0f)]
    public void Pose_with_a_coordinate_that_is_not_finite_is_left_out(float x, float y)
    {
        Vector2[] mean = ProcrustesMean.Compute([Tall, [new(x, y), .. Wide.Skip(1)]])!;

        CollectionAssert.AreEqual(ProcrustesMean.Compute([Tall]), mean);
    }

    [TestMethod]
    public void Pose_with_two_points_in_its_centre_counts()
    {
        Vector2[] flat = [new(-2, 0), new(0, 0), new(2, 0), new(0, 0)];

        Assert.AreEqual(-MathF.Sqrt(2), ProcrustesMean.Compute([flat])![0].X, Tolerance);
    }

    [TestMethod]
    public void No_pose_has_no_mean() => Assert.IsNull(ProcrustesMean.Compute([]));

    private static Vector2[] Moved(Vector2[] shape, float angle, float scale, Vector2 offset)
    {
        Matrix3x2 move = Matrix3x2.CreateRotation(angle) * Matrix3x2.CreateScale(scale) * Matrix3x2.CreateTranslation(offset);
        return Array.ConvertAll(shape, point => Vector2.Transform(point, move));
    }
}
