using System.Numerics;

namespace KeypointMl.Poses.Geometry;

/// <summary>
/// A similarity of the plane without reflection: z ↦ <paramref name="Linear"/>·z + <paramref name="Shift"/>, points
/// read as complex numbers x + iy.
/// </summary>
/// <param name="Linear">Rotation and uniform scale.</param>
/// <param name="Shift">Translation.</param>
public readonly record struct SimilarityTransform(Complex Linear, Complex Shift)
{
    /// <summary>Maps a point.</summary>
    public Vector2 Apply(Vector2 point)
    {
        Complex z = Linear * new Complex(point.X, point.Y) + Shift;
        return new Vector2((float)z.Real, (float)z.Imaginary);
    }

    /// <summary>
    /// The similarity that brings <paramref name="source"/> nearest to <paramref name="target"/> in the sense of least
    /// squares (the 2D Procrustes problem in closed form). Pairs in which either point is not finite are left out;
    /// coinciding source points give a pure translation.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or no pair is finite.</exception>
    public static SimilarityTransform Fit(ReadOnlySpan<Vector2> source, ReadOnlySpan<Vector2> target)
    {
        if (source.Length != target.Length)
        {
            throw new ArgumentException(
                $"{source.Length} source points cannot be fitted to {target.Length} target points; the numbers must be equal.");
        }
        Complex sourceMean = 0, targetMean = 0;
        int count = 0;
        for (int i = 0; i < source.Length; i++)
        {
            if (!IsFinite(source[i]) || !IsFinite(target[i]))
                continue;
            sourceMean += ToComplex(source[i]);
            targetMean += ToComplex(target[i]);
            count++;
        }
        if (count == 0)
            throw new ArgumentException("No pair of points is finite; at least one is needed to fit a transform.");
        sourceMean /= count;
        targetMean /= count;

        Complex covariance = 0;
        double variance = 0;
        for (int i = 0; i < source.Length; i++)
        {
            if (!IsFinite(source[i]) || !IsFinite(target[i]))
                continue;
            Complex from = ToComplex(source[i]) - sourceMean;
            covariance += Complex.Conjugate(from) * (ToComplex(target[i]) - targetMean);
            variance += from.Real * from.Real + from.Imaginary * from.Imaginary;
        }
        Complex linear = variance > 0 ? covariance / variance : Complex.One;
        return new SimilarityTransform(linear, targetMean - linear * sourceMean);
    }

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);

    private static Complex ToComplex(Vector2 point) => new(point.X, point.Y);
}
