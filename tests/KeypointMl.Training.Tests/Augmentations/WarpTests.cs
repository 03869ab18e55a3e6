using KeypointMl.Data;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Networks;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class WarpTests
{
    private const int Size = 41;

    [TestMethod]
    public void Warp_moves_a_blob_to_where_the_inverse_map_says()
    {
        var random = new SeededRandom(7, 1);
        for (int trial = 0; trial < 10; trial++)
        {
            AffineMap map = new AffineDistribution(60, 0.2, 0.15, 0.5).Sample(ref random);
            var point = new System.Numerics.Vector2(random.Uniform(-0.3f, 0.3f), random.Uniform(-0.3f, 0.3f));
            using Tensor blob = Blob(point);
            using Tensor warped = AffineWarp.Warp(blob, AffineWarp.Matrices([map]));
            System.Numerics.Vector2 expected = map.Inverse().Apply(point);
            System.Numerics.Vector2 found = Centroid(warped);
            Assert.AreEqual(expected.X, found.X, 0.02, $"trial {trial}, x"); // 0.02 = 0.4 px: bilinear sampling of a small blob
            Assert.AreEqual(expected.Y, found.Y, 0.02, $"trial {trial}, y");
            Assert.AreEqual(map.IsMirrored, map.Xx * map.Yy - map.Xy * map.Yx < 0);
        }
    }

    [TestMethod]
    public void ToOriginal_undoes_the_warp_of_a_point()
    {
        var map = new AffineMap(0.9f, -0.2f, 0.1f, 0.3f, 1.1f, -0.05f);
        var point = new System.Numerics.Vector2(0.4f, -0.6f);
        System.Numerics.Vector2 seen = map.Inverse().Apply(point);
        using Tensor back = AffineWarp.ToOriginal(tensor(new[] { seen.X, seen.Y }, [1, 1, 2]), AffineWarp.Matrices([map]));
        Assert.AreEqual(point.X, back[0, 0, 0].item<float>(), 1e-6f);
        Assert.AreEqual(point.Y, back[0, 0, 1].item<float>(), 1e-6f);
    }

    [TestMethod]
    public void ThinPlateSpline_without_spread_is_the_identity()
    {
        using var spline = new ThinPlateSpline(Size, Size);
        var random = new SeededRandom(1, 1);
        using Tensor grids = spline.SampleGrids(2, new ThinPlateSplineSpread(0, 0, 0), 0, 0, ref random);
        using Tensor image = rand(2, 3, Size, Size);
        Assert.IsTrue((ThinPlateSpline.Warp(image, grids) - image).abs().max().item<float>() < 1e-4f);
    }

    [TestMethod]
    public void ThinPlateSpline_warp_is_smooth_and_of_the_sampled_size()
    {
        using var spline = new ThinPlateSpline(Size, Size);
        var random = new SeededRandom(1, 1);
        using Tensor identity = spline.SampleGrids(1, new ThinPlateSplineSpread(0, 0, 0), 0, 0, ref random);
        using Tensor warped = spline.SampleGrids(20, new ThinPlateSplineSpread(0, 0, 0), 0, 0.005, ref random);
        using Tensor shift = warped - identity;
        // Inside the image U is of mean square 0.89 over the 100 control points; a unit of the padded image is two of
        // the image: 2·0.005·√(½·100·0.89) ≈ 0.07.
        double spread = shift.square().mean().sqrt().item<float>();
        Assert.IsTrue(spread is > 0.02 and < 0.2, $"root mean square displacement {spread}");
        using Tensor steps = (shift.narrow(2, 1, Size - 1) - shift.narrow(2, 0, Size - 1)).abs();
        Assert.IsTrue(steps.max().item<float>() < 0.1f, "neighbouring pixels move together");
    }

    private static Tensor Blob(System.Numerics.Vector2 point)
    {
        using Tensor pixels = SkeletonRenderer.PixelGrid(Size, Size);
        return ((pixels - tensor(new[] { point.X, point.Y })).square().sum(-1) * -200).exp().reshape(1, 1, Size, Size);
    }

    private static System.Numerics.Vector2 Centroid(Tensor image)
    {
        using Tensor weights = image.reshape(-1, 1);
        using Tensor mean = (SkeletonRenderer.PixelGrid(Size, Size) * weights).sum([0L]) / weights.sum();
        return new System.Numerics.Vector2(mean[0].item<float>(), mean[1].item<float>());
    }
}
