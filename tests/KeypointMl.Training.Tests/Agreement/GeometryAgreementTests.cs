using System.Collections.Immutable;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Networks;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>β and the thin-plate splines equal their formulas.</summary>
[TestClass]
public sealed class GeometryAgreementTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    [DataRow(FallOff.Linear, 0.04)] // the release's σ = 0.2
    [DataRow(FallOff.Linear, 0.16)] // and the default of its option
    [DataRow(FallOff.Squared, 40.0)]
    public void SkeletonRenderer_equals_the_release_and_equation_2(FallOff kind, double value)
    {
        const int height = 24, width = 32;
        var skeleton = new Skeleton("tree", ["a", "b", "c", "d", "e"], [new(0, 1), new(1, 2), new([0, 2], [3]), new(4, 4)]);
        using var beta = new SkeletonRenderer(skeleton, height, width, new SkeletonFallOff(kind, value));
        var random = new Random(3);
        float[] pose = [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle() * 2 - 1)];
        float[] actual = [.. beta.call(tensor(pose, [1, 5, 2])).contiguous().data<float>()];
        for (int pixel = 0; pixel < actual.Length; pixel++)
        {
            double ux = -1 + 2.0 * (pixel % width) / (width - 1);
            double uy = -1 + 2.0 * (pixel / width) / (height - 1);
            double brightest = skeleton.Edges.Max(edge =>
            {
                (double ix, double iy) = Mean(edge.From);
                (double jx, double jy) = Mean(edge.To);
                double t = Math.Clamp(((ux - ix) * (jx - ix) + (uy - iy) * (jy - iy))
                    / Math.Max((jx - ix) * (jx - ix) + (jy - iy) * (jy - iy), 1e-6), 0, 1);
                double squared = Math.Pow(ux - ix - t * (jx - ix), 2) + Math.Pow(uy - iy - t * (jy - iy), 2);
                return kind == FallOff.Linear ? Math.Exp(-Math.Sqrt(squared + 1e-6) / value) : Math.Exp(-value * squared);
            });
            Assert.AreEqual(2 * brightest - 1, actual[pixel], Tolerance, $"pixel {pixel}");
        }

        (double X, double Y) Mean(ImmutableArray<int> of) =>
            (of.Average(k => (double)pose[2 * k]), of.Average(k => (double)pose[2 * k + 1]));
    }

    [TestMethod]
    public void SkeletonRenderer_of_points_equals_the_release()
    {
        using var beta = new SkeletonRenderer(new Skeleton("points", ["a", "b"], []), 17, 17, SkeletonFallOff.Squared(2500));
        float[] pose = [0.11f, -0.4f, 0.52f, 0.77f];
        float[] actual = [.. beta.call(tensor(pose, [1, 2, 2])).contiguous().data<float>()];
        for (int pixel = 0; pixel < actual.Length; pixel++)
        {
            (double ux, double uy) = (-1 + pixel % 17 / 8.0, -1 + pixel / 17 / 8.0);
            double expected = 2 * Math.Max(Blob(0), Blob(1)) - 1;
            Assert.AreEqual(expected, actual[pixel], Tolerance, $"pixel {pixel}");

            double Blob(int k) => Math.Exp(-(Math.Pow(ux - pose[2 * k], 2) + Math.Pow(uy - pose[2 * k + 1], 2)) * 50 * 50);
        }
    }

    [TestMethod]
    public void ThinPlateSpline_grids_equal_the_release_on_the_padded_image()
    {
        const int height = 12, width = 16, control = 10;
        using var spline = new ThinPlateSpline(height, width, control);
        var random = new Random(4);
        var weights = new double[2, control * control + 3, 2];
        for (int n = 0; n < 2; n++)
        {
            for (int i = 0; i < control * control + 3; i++)
                (weights[n, i, 0], weights[n, i, 1]) = ((random.NextDouble() - 0.5) * 0.02, (random.NextDouble() - 0.5) * 0.02);
            weights[n, control * control + 1, 0] += 1;
            weights[n, control * control + 2, 1] += 1;
        }
        float[] actual = [.. spline.Grids(tensor(weights)).contiguous().data<float>()];

        // The grid of the whole padded image, as the release makes it; what is compared is the image's part of it, read
        // in the image's own coordinates.
        (int paddedHeight, int paddedWidth) = (height + 2 * (height / 2), width + 2 * (width / 2));
        int index = 0;
        for (int n = 0; n < 2; n++)
        {
            for (int row = height / 2; row < height / 2 + height; row++)
            {
                for (int column = width / 2; column < width / 2 + width; column++)
                {
                    (double x, double y) = (-1 + 2.0 * column / (paddedWidth - 1), -1 + 2.0 * row / (paddedHeight - 1));
                    for (int axis = 0; axis < 2; axis++)
                    {
                        double g = weights[n, control * control, axis] + x * weights[n, control * control + 1, axis]
                            + y * weights[n, control * control + 2, axis];
                        for (int i = 0; i < control * control; i++)
                        {
                            (double cx, double cy) = (-1 + 2.0 * (i % control) / (control - 1), -1 + 2.0 * (i / control) / (control - 1));
                            double squared = Math.Max((x - cx) * (x - cx) + (y - cy) * (y - cy), 1e-8);
                            g += weights[n, i, axis] * squared * Math.Log(squared);
                        }
                        (int padded, int own) = axis == 0 ? (paddedWidth, width) : (paddedHeight, height);
                        double pixel = (g + 1) / 2 * (padded - 1) - own / 2;
                        Assert.AreEqual(-1 + 2 * pixel / (own - 1), actual[index++], Tolerance,
                            $"spline {n}, row {row}, column {column}, axis {axis}");
                    }
                }
            }
        }
    }
}
