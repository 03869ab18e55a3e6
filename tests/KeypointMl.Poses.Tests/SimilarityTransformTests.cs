using System.Numerics;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class SimilarityTransformTests
{
    private static readonly Vector2[] Shape = [new(0, 0), new(10, 0), new(3, 7), new(-4, 2)];

    [TestMethod]
    public void Fit_recovers_a_known_similarity()
    {
        Matrix3x2 known = Matrix3x2.CreateRotation(2) * Matrix3x2.CreateScale(1.7f) * Matrix3x2.CreateTranslation(30, -8);
        Vector2[] target = Array.ConvertAll(Shape, point => Vector2.Transform(point, known));

        SimilarityTransform fitted = SimilarityTransform.Fit(Shape, target);

        for (int i = 0; i < Shape.Length; i++)
            Assert.IsLessThan(1e-4f, Vector2.Distance(target[i], fitted.Apply(Shape[i]))); // float coordinates of about 50
    }

    [TestMethod]
    public void Fit_leaves_out_points_that_are_not_finite()
    {
        Vector2[] target = Array.ConvertAll(Shape, point => point * 2);
        target[2] = new Vector2(float.NaN);

        Assert.AreEqual(2.0, SimilarityTransform.Fit(Shape, target).Linear.Real, 1e-6);
    }

    [TestMethod]
    public void Fit_does_not_reflect()
    {
        Vector2[] mirrored = Array.ConvertAll(Shape, point => new Vector2(-point.X, point.Y));

        SimilarityTransform fitted = SimilarityTransform.Fit(Shape, mirrored);

        Assert.IsGreaterThan(1, Shape.Zip(mirrored, (from, to) => Vector2.Distance(fitted.Apply(from), to)).Max());
    }

    [TestMethod]
    public void Fit_of_coinciding_points_is_a_translation()
    {
        SimilarityTransform fitted = SimilarityTransform.Fit([new(1, 1), new(1, 1)], [new(4, 5), new(6, 5)]);

        Assert.AreEqual(new Vector2(5, 5), fitted.Apply(new Vector2(1, 1)));
    }

    [TestMethod]
    public void Fit_without_a_finite_pair_is_refused() =>
        Assert.Contains("No pair of points is finite", Assert.ThrowsExactly<ArgumentException>(
            () => SimilarityTransform.Fit([new Vector2(float.NaN)], [Vector2.Zero])).Message);

    [TestMethod]
    public void Fit_of_different_numbers_of_points_is_refused() => Assert.Contains(
        "1 source points cannot be fitted to 2 target points; the numbers must be equal",
        Assert.ThrowsExactly<ArgumentException>(() => SimilarityTransform.Fit([Vector2.Zero], [Vector2.Zero, Vector2.One])).Message);

    [TestMethod]
    public void Fit_leaves_out_pairs_of_which_one_coordinate_is_missing()
    {
        SimilarityTransform fitted = SimilarityTransform.Fit(
            [new(0, 0), new(1, 0), new(2, 2), new(7, float.NaN)], [new(5, 5), new(5, 7), new(float.NaN, 3), new(1, 1)]);

        Assert.IsLessThan(1e-5f, Vector2.Distance(new Vector2(3, 5), fitted.Apply(new Vector2(0, 1))));
    }

    [TestMethod]
    public void Procrustes_mean_ignores_position_rotation_and_size()
    {
        Vector2[][] poses =
        [
            .. Enumerable.Range(0, 5)
                .Select(i => Matrix3x2.CreateRotation(i) * Matrix3x2.CreateScale(1 + i) * Matrix3x2.CreateTranslation(i, 10 * i))
                .Select(move => Array.ConvertAll(Shape, point => Vector2.Transform(point, move))),
            [Vector2.One, Vector2.One, Vector2.One, Vector2.One],
        ];

        Vector2[] mean = ProcrustesMean.Compute(poses)!;

        SimilarityTransform fitted = SimilarityTransform.Fit(mean, Shape);
        for (int i = 0; i < Shape.Length; i++)
            Assert.IsLessThan(1e-4f, Vector2.Distance(Shape[i], fitted.Apply(mean[i])));
        Assert.IsNull(ProcrustesMean.Compute([[Vector2.One, Vector2.One]]));
    }
}
