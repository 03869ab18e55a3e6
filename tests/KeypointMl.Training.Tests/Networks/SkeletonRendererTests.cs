using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Networks;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class SkeletonRendererTests
{
    private const int Height = 12;
    private const int Width = 20;
    private static readonly Skeleton Tree = new("tree", ["a", "b", "c", "d"], [new(0, 1), new(1, 2), new([0, 2], [3])]);

    [TestMethod]
    [DataRow(FallOff.Squared, 40.0)]
    [DataRow(FallOff.Linear, 0.06)]
    public void Forward_random_poses_equals_literal_equation_2(FallOff kind, double value)
    {
        using var beta = new SkeletonRenderer(Tree, Height, Width, new SkeletonFallOff(kind, value));
        double[] pose = Poses(count: 3, seed: 1);
        using Tensor keypoints = tensor(pose.Select(v => (float)v).ToArray(), [3, 4, 2]);
        float[] actual = [.. beta.call(keypoints).contiguous().data<float>()];
        for (int n = 0; n < 3; n++)
        {
            for (int pixel = 0; pixel < Height * Width; pixel++)
            {
                double expected = LiteralEquation2(Tree, pose.AsSpan(n * 8, 8), pixel, kind, value);
                // float32 distances under exp(−d/0.06)
                Assert.AreEqual(expected, actual[n * Height * Width + pixel], 2e-4, $"pose {n}, pixel {pixel}");
            }
        }
    }

    [TestMethod]
    public void NearestPointByTensors_finds_what_the_vectorised_search_finds()
    {
        using var scope = NewDisposeScope();
        using var beta = new SkeletonRenderer(Tree, Height, Width, SkeletonFallOff.Linear(0.06));
        Tensor a = tensor(Poses(count: 6, seed: 2).Select(v => (float)v).ToArray(), [8, 3, 2]);
        Tensor b = tensor(Poses(count: 6, seed: 3).Select(v => (float)v).ToArray(), [8, 3, 2]);
        b[0, 1] = a[0, 1]; // an edge without length
        (Tensor edge, Tensor t) = beta.NearestPoint(a, b);
        (Tensor edgeByTensors, Tensor tByTensors) = beta.NearestPointByTensors(a, b);
        CollectionAssert.AreEqual(edge.contiguous().data<long>().ToArray(), edgeByTensors.contiguous().data<long>().ToArray());
        Assert.IsTrue(t.allclose(tByTensors, rtol: 0, atol: 1e-5)); // the squared length is summed in another order
    }

    [TestMethod]
    [DataRow(FallOff.Squared, 40.0)]
    [DataRow(FallOff.Linear, 0.06)]
    public void Backward_random_poses_equals_central_differences_of_literal_equation_2(FallOff kind, double value)
    {
        using var beta = new SkeletonRenderer(Tree, Height, Width, new SkeletonFallOff(kind, value));
        double[] pose = Poses(count: 1, seed: 5);
        float[] weights = [.. Enumerable.Range(0, Height * Width).Select(i => MathF.Sin(1.7f * i))];
        using Tensor keypoints = tensor(pose.Select(v => (float)v).ToArray(), [1, 4, 2], requires_grad: true);
        using Tensor loss = (beta.call(keypoints).reshape(-1) * tensor(weights)).sum();
        loss.backward();
        float[] actual = [.. keypoints.grad!.data<float>()];
        const double h = 1e-5;
        for (int i = 0; i < pose.Length; i++)
        {
            double difference = 0;
            foreach (int sign in new[] { 1, -1 })
            {
                double[] moved = [.. pose];
                moved[i] += sign * h;
                for (int pixel = 0; pixel < weights.Length; pixel++)
                    difference += sign * weights[pixel] * LiteralEquation2(Tree, moved, pixel, kind, value);
            }
            double expected = difference / (2 * h);
            // 1 %: float32 against differences in double
            Assert.AreEqual(expected, actual[i], 0.01 * Math.Max(1, Math.Abs(expected)), $"coordinate {i}");
        }
    }

    [TestMethod]
    [DataRow(FallOff.Squared, 40.0)]
    [DataRow(FallOff.Linear, 0.06)]
    public void Forward_equals_the_raster_that_needs_no_tensors(FallOff kind, double value)
    {
        var fallOff = new SkeletonFallOff(kind, value);
        using var beta = new SkeletonRenderer(Tree, Height, Width, fallOff);
        Vector2[] normalized = [.. Poses(count: 1, seed: 7).Chunk(2).Select(p => new Vector2((float)p[0], (float)p[1]))];
        using Tensor keypoints = tensor(normalized.SelectMany(p => new[] { p.X, p.Y }).ToArray(), [1, 4, 2]);
        float[] expected = [.. beta.call(keypoints).contiguous().data<float>()];
        float[] raster = new float[Height * Width];
        SkeletonRaster.Render(
            Tree, [.. normalized.Select(p => NormalizedCoordinates.ToPixel(p, Width, Height))], Width, Height, fallOff, raster);
        for (int i = 0; i < raster.Length; i++)
            Assert.AreEqual(expected[i], 2 * raster[i] - 1, 2e-4, $"pixel {i}"); // coordinates that went to pixels and back, in float32
    }

    [TestMethod]
    public void Forward_skeleton_without_edges_draws_its_points()
    {
        var points = new Skeleton("points", ["a"], []);
        using var beta = new SkeletonRenderer(points, 5, 5, SkeletonFallOff.Squared(2500));
        float[] image = [.. beta.call(zeros(1, 1, 2)).contiguous().data<float>()];
        Assert.AreEqual(1f, image[12], 1e-6f);
        Assert.AreEqual(-24, image.Where((_, i) => i != 12).Sum(), 1e-4, "every other pixel is dark");
    }

    [TestMethod]
    public void Forward_edge_of_no_length_has_finite_gradient()
    {
        using var beta = new SkeletonRenderer(Tree, 8, 8, SkeletonFallOff.Linear(0.06));
        using Tensor keypoints = zeros(1, 4, 2, requires_grad: true);
        beta.call(keypoints).sum().backward();
        Assert.IsTrue(keypoints.grad!.isfinite().all().item<bool>());
    }

    /// <summary>Equation 2 as it stands, in double, with the minimum over r in closed form; then 2v − 1.</summary>
    private static double LiteralEquation2(Skeleton skeleton, ReadOnlySpan<double> pose, int pixel, FallOff kind, double value)
    {
        double ux = -1 + 2.0 * (pixel % Width) / (Width - 1);
        double uy = -1 + 2.0 * (pixel / Width) / (Height - 1);
        double minimum = double.PositiveInfinity;
        foreach (SkeletonEdge edge in skeleton.Edges)
        {
            (double ix, double iy) = Mean(pose, edge.From);
            (double jx, double jy) = Mean(pose, edge.To);
            double lengthSquared = (ix - jx) * (ix - jx) + (iy - jy) * (iy - jy);
            double r = Math.Clamp(((ux - jx) * (ix - jx) + (uy - jy) * (iy - jy)) / lengthSquared, 0, 1);
            double dx = ux - r * ix - (1 - r) * jx;
            double dy = uy - r * iy - (1 - r) * jy;
            minimum = Math.Min(minimum, dx * dx + dy * dy);
        }
        double brightness = kind == FallOff.Squared ? Math.Exp(-value * minimum) : Math.Exp(-Math.Sqrt(minimum + 1e-6) / value);
        return 2 * brightness - 1;
    }

    private static (double X, double Y) Mean(ReadOnlySpan<double> pose, IEnumerable<int> keypoints)
    {
        double x = 0, y = 0;
        int count = 0;
        foreach (int k in keypoints)
        {
            x += pose[2 * k];
            y += pose[2 * k + 1];
            count++;
        }
        return (x / count, y / count);
    }

    private static double[] Poses(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * 8).Select(_ => (double)(float)(1.6 * random.NextDouble() - 0.8))];
    }
}
