using System.Numerics;

namespace KeypointMl.Imaging.Subjects;

/// <summary>A two-dimensional normal distribution: where pixels lie and how they spread.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="XX">Variance along x, in square pixels.</param>
/// <param name="XY">Covariance.</param>
/// <param name="YY">Variance along y.</param>
internal readonly record struct Ellipse(Vector2 Mean, float XX, float XY, float YY)
{
    internal static Ellipse Of(ReadOnlySpan<short> x, ReadOnlySpan<short> y)
    {
        double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            (sx, sy) = (sx + x[i], sy + y[i]);
            (sxx, sxy, syy) = (sxx + x[i] * x[i], sxy + x[i] * y[i], syy + y[i] * y[i]);
        }
        double n = Math.Max(1, x.Length);
        (double mx, double my) = (sx / n, sy / n);
        // A pixel has an extent: the variance of a square of side 1.
        return new Ellipse(
            new Vector2((float)mx, (float)my),
            (float)(sxx / n - mx * mx + 1 / 12.0),
            (float)(sxy / n - mx * my),
            (float)(syy / n - my * my + 1 / 12.0));
    }

    /// <summary>The direction of the largest spread; length 1.</summary>
    internal Vector2 MainAxis
    {
        get
        {
            (float sine, float cosine) = MathF.SinCos(MathF.Atan2(2 * XY, XX - YY) / 2);
            return new Vector2(cosine, sine);
        }
    }

    /// <summary>Standard deviation along <see cref="MainAxis"/>.</summary>
    internal float Length => MathF.Sqrt((XX + YY) / 2 + MathF.Sqrt((XX - YY) * (XX - YY) / 4 + XY * XY));

    /// <summary>The same spread elsewhere.</summary>
    internal Ellipse At(Vector2 mean) => this with { Mean = mean };

    /// <summary>The mean of two spreads, at this one's place.</summary>
    internal Ellipse Blend(Ellipse other, float part) => new(
        Mean, float.Lerp(XX, other.XX, part), float.Lerp(XY, other.XY, part), float.Lerp(YY, other.YY, part));

    /// <summary>−2 log of the density, without constants.</summary>
    internal float Deviance(float x, float y)
    {
        float determinant = Math.Max(0.1f, XX * YY - XY * XY);
        (float dx, float dy) = (x - Mean.X, y - Mean.Y);
        return (YY * dx * dx - 2 * XY * dx * dy + XX * dy * dy) / determinant + MathF.Log(determinant);
    }
}
