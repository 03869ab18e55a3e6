using System.Numerics;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class SkeletonRasterTests
{
    private const int Width = 21;
    private const int Height = 13;
    private static readonly Skeleton Tree = new("tree", ["a", "b", "c", "d"], [new(0, 1), new(1, 2), new([0, 2], [3])]);

    [TestMethod]
    [DataRow(FallOff.Squared, 40.0)]
    [DataRow(FallOff.Linear, 0.06)]
    public void Render_random_poses_equals_literal_equation_2(FallOff kind, double value)
    {
        var random = new Random(3);
        for (int round = 0; round < 5; round++)
        {
            Vector2[] pose = [.. Enumerable.Range(0, 4)
                .Select(_ => new Vector2(random.NextSingle() * Width, random.NextSingle() * Height))];
            float[] picture = new float[Width * Height];

            SkeletonRaster.Render(Tree, pose, Width, Height, new SkeletonFallOff(kind, value), picture);

            for (int pixel = 0; pixel < picture.Length; pixel++)
                // float32 distances under exp(−d/0.06)
                Assert.AreEqual(LiteralEquation2(pose, pixel, kind, value), picture[pixel], 1e-4, $"pixel {pixel}");
        }
    }

    [TestMethod]
    public void Render_end_that_is_not_finite_leaves_its_edges_out()
    {
        float[] picture = new float[Width * Height], without = new float[Width * Height];
        Vector2[] pose = [new(2, 2), new(10, 3), new(float.NaN), new(5, 9)];

        SkeletonRaster.Render(Tree, pose, Width, Height, SkeletonFallOff.Linear(0.06), picture);
        SkeletonRaster.Render(
            new Skeleton("one", ["a", "b"], [new(0, 1)]), pose.AsSpan(0, 2), Width, Height, SkeletonFallOff.Linear(0.06), without);

        CollectionAssert.AreEqual(without, picture);
    }

    [TestMethod]
    public void Render_nothing_to_draw_is_dark()
    {
        float[] picture = [.. Enumerable.Repeat(0.5f, Width * Height)];
        SkeletonRaster.Render(
            Tree, [new(float.NaN), new(float.NaN), new(float.NaN), new(1, 1)], Width, Height, SkeletonFallOff.Linear(0.06), picture);
        Assert.IsTrue(picture.All(value => value == 0));
    }

    [TestMethod]
    public void Render_points_lights_the_keypoints()
    {
        float[] picture = new float[Width * Height];
        SkeletonRaster.Render(Tree, [new(2, 2), new(10, 3), new(18, 8), new(5, 9)], Width, Height, SkeletonFallOff.Squared(1e5),
            picture, drawPoints: true);
        CollectionAssert.AreEqual(
            new[] { 2 * Width + 2, 3 * Width + 10, 8 * Width + 18, 9 * Width + 5 }.Order().ToArray(),
            Enumerable.Range(0, picture.Length).Where(i => picture[i] > 0.5f).ToArray());
    }

    [TestMethod]
    public void Render_wrong_sizes_are_named()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() =>
                SkeletonRaster.Render(Tree, new Vector2[3], 4, 4, SkeletonFallOff.Linear(1), new float[16])).Message,
                "3 points; skeleton 'tree' has 4");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() =>
                SkeletonRaster.Render(Tree, new Vector2[4], 4, 4, SkeletonFallOff.Linear(1), new float[15])).Message,
                "4×4 picture has 16 values");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => SkeletonRaster.Render(Tree, new Vector2[4], 1, 4, SkeletonFallOff.Linear(1), new float[4]));
    }

    /// <summary>Equation 2 as it stands, in double, with the minimum over r in closed form.</summary>
    private static double LiteralEquation2(Vector2[] pose, int pixel, FallOff kind, double value)
    {
        double ux = -1 + 2.0 * (pixel % Width) / (Width - 1);
        double uy = -1 + 2.0 * (pixel / Width) / (Height - 1);
        double minimum = double.PositiveInfinity;
        foreach (SkeletonEdge edge in Tree.Edges)
        {
            (double ix, double iy) = Normalized(pose, edge.From);
            (double jx, double jy) = Normalized(pose, edge.To);
            double lengthSquared = (ix - jx) * (ix - jx) + (iy - jy) * (iy - jy);
            double r = Math.Clamp(((ux - jx) * (ix - jx) + (uy - jy) * (iy - jy)) / lengthSquared, 0, 1);
            double dx = ux - r * ix - (1 - r) * jx;
            double dy = uy - r * iy - (1 - r) * jy;
            minimum = Math.Min(minimum, dx * dx + dy * dy);
        }
        return kind == FallOff.Squared ? Math.Exp(-value * minimum) : Math.Exp(-Math.Sqrt(minimum + 1e-6) / value);
    }

    private static (double X, double Y) Normalized(Vector2[] pose, IReadOnlyCollection<int> keypoints) => (
        2 * keypoints.Average(k => (double)pose[k].X) / (Width - 1) - 1,
        2 * keypoints.Average(k => (double)pose[k].Y) / (Height - 1) - 1);
}
