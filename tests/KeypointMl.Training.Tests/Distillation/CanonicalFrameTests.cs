using System.Numerics;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class CanonicalFrameTests
{
    private const double Tolerance = 1e-5; // float32 coordinates of about 1
    private static readonly Skeleton Kite = new("kite", ["head", "left", "right", "tail"], [new(0, 3), new(1, 2)], [(1, 2)]);
    private static readonly Complex[] Shape = [new(0, -0.4), new(-0.3, 0.05), new(0.3, 0.05), new(0, 0.3)];

    [TestMethod]
    [DataRow(0.0, false)]
    [DataRow(1.2, false)]
    [DataRow(-2.9, true)]
    public void Maps_of_a_turned_and_moved_shape_bring_it_back_to_the_mean_shape(double angle, bool scaled)
    {
        using var scope = NewDisposeScope();
        using CanonicalFrame frame = Learnt(out PosePrior _, scaled);
        Tensor pose = Pose(Complex.FromPolarCoordinates(scaled ? 1.3 : 1, angle), new Complex(0.2, -0.1));

        Tensor canonical = AffineWarp.ToWarped(pose, frame.Maps(pose));

        Close(frame.MeanShape.unsqueeze(0), canonical);
    }

    [TestMethod]
    public void Mean_shape_is_its_own_mirror_image_and_as_upright_as_the_prior()
    {
        using var scope = NewDisposeScope();
        using CanonicalFrame frame = Learnt(out PosePrior upright);
        float[,] points = Points(frame.MeanShape);

        for (int k = 0; k < Kite.Count; k++)
        {
            int mirrored = Kite.FlipPermutation()[k];
            Assert.AreEqual(-points[mirrored, 0], points[k, 0], Tolerance);
            Assert.AreEqual(points[mirrored, 1], points[k, 1], Tolerance);
        }
        Assert.IsLessThan(points[3, 1], points[0, 1], "the head is above the tail, as in the prior");
        foreach (Vector2[] pose in upright.Poses)
            Assert.AreEqual(pose[0].X, pose[3].X, 1e-3, "a pose of the prior stands upright");
    }

    [TestMethod]
    public void Learn_keeps_the_sizes_of_the_poses_unless_the_crop_follows_them()
    {
        using CanonicalFrame frame = Learnt(out PosePrior upright);
        using CanonicalFrame following = Learnt(out PosePrior alike, scaled: true);

        float[] lengths = [.. upright.Poses.Select(pose => Vector2.Distance(pose[0], pose[3]))];
        Assert.AreEqual(1.5, lengths.Max() / lengths.Min(), 1e-3);
        float[] same = [.. alike.Poses.Select(pose => Vector2.Distance(pose[0], pose[3]))];
        Assert.AreEqual(1, same.Max() / same.Min(), 1e-3);
    }

    [TestMethod]
    public void Pose_whose_keypoints_are_all_in_one_place_changes_neither_mean_shape_nor_prior()
    {
        using var scope = NewDisposeScope();
        using CanonicalFrame frame = Learnt(out PosePrior upright);
        using CanonicalFrame other = Learnt(out PosePrior same, degenerate: 3);

        Close(frame.MeanShape, other.MeanShape);
        Assert.HasCount(upright.Poses.Count, same.Poses);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Maps_of_keypoints_in_one_place_are_upright_and_finite(bool scaled)
    {
        using var scope = NewDisposeScope();
        using CanonicalFrame frame = Learnt(out PosePrior _, scaled);
        Tensor maps = frame.Maps(full([1, 4, 2], 0.25));

        float[] expected = [0.8f, 0, 0.25f, 0, 0.8f, 0.25f];
        float[] actual = DeviceReads.Singles(maps);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Tolerance, $"{i}");
    }

    [TestMethod]
    public void ToWarped_undoes_ToOriginal_and_After_maps_first_by_the_inner()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        Tensor points = randn(2, 5, 2);
        AffineMap outer = new(0.8f, -0.3f, 0.1f, 0.2f, 0.9f, -0.2f);
        AffineMap inner = new(-1.1f, 0.1f, 0.3f, 0.2f, 0.7f, 0.05f);
        Tensor matrices = AffineWarp.Matrices([outer, inner]);

        Close(points, AffineWarp.ToWarped(AffineWarp.ToOriginal(points, matrices), matrices));
        Tensor both = AffineWarp.After(AffineWarp.Matrices([outer]), AffineWarp.Matrices([inner]));
        Close(AffineWarp.Matrices([outer.After(inner)]), both);
    }

    /// <summary>Poses of the kite in sizes 0.8 to 1.2, turned a little either way, and some of all keypoints in one place.</summary>
    private static CanonicalFrame Learnt(out PosePrior upright, bool scaled = false, int degenerate = 0)
    {
        double[] sizes = [0.8, 1, 1.2, 1];
        double[] angles = [0.3, -0.3, 0.1, -0.1];
        Vector2[][] poses = [.. sizes.Zip(
            angles, (size, angle) =>
                Array.ConvertAll(Placed(Complex.FromPolarCoordinates(size, angle), new Complex(0.1 * angle, 0)), point =>
                    NormalizedCoordinates.ToPixel(point, 64, 64)))];
        poses = [.. poses, .. Enumerable.Range(0, degenerate).Select(i => Enumerable.Repeat(new Vector2(7 * i), Kite.Count).ToArray())];
        var frame = new CanonicalFrame(Kite.Count, extent: 0.8, scaled);
        upright = frame.Learn(new PosePrior(Kite, poses, 64, 64, "made up"), 48);
        return frame;
    }

    private static Vector2[] Placed(Complex by, Complex at) =>
        Array.ConvertAll(Shape, z => new SimilarityTransform(by, at).Apply(new Vector2((float)z.Real, (float)z.Imaginary)));

    private static Tensor Pose(Complex by, Complex at) =>
        tensor(Placed(by, at).SelectMany(point => new[] { point.X, point.Y }).ToArray(), [1, Shape.Length, 2]);

    private static float[,] Points(Tensor points)
    {
        var values = new float[points.shape[0], 2];
        float[] flat = DeviceReads.Singles(points);
        for (int i = 0; i < flat.Length; i++)
            values[i / 2, i % 2] = flat[i];
        return values;
    }

    private static void Close(Tensor expected, Tensor actual) =>
        Assert.IsLessThan(Tolerance, (expected - actual).abs().max().item<float>());
}
