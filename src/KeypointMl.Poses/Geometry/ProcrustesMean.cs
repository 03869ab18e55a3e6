using System.Numerics;

namespace KeypointMl.Poses.Geometry;

/// <summary>
/// The mean shape of poses once position, rotation and size are taken out (generalised Procrustes analysis; Gower,
/// Psychometrika 1975), without reflections.
/// </summary>
public static class ProcrustesMean
{
    private const int MaxIterations = 50;
    private const double Converged = 1e-6;

    /// <summary>
    /// The mean shape: mean keypoint 0, root mean square distance from it 1. The poses are aligned in turn to the
    /// current mean, each counted with unit size, until the mean rests. Poses with a coordinate that is not finite, or
    /// with all points in one place, are left out.
    /// </summary>
    /// <param name="poses">K points each.</param>
    /// <returns>K points, or null where no pose could be used.</returns>
    public static Vector2[]? Compute(IReadOnlyList<Vector2[]> poses)
    {
        Complex[][] shapes = [.. poses.Select(Standardize).OfType<Complex[]>()];
        if (shapes.Length == 0)
            return null;
        Complex[] mean = shapes[0];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            Complex[] next = Normalize(SumAligned(shapes, mean));
            double movement = next.Zip(mean, (a, b) => Complex.Abs(a - b)).Max();
            mean = next;
            if (movement < Converged)
                break;
        }
        return [.. mean.Select(z => new Vector2((float)z.Real, (float)z.Imaginary))];
    }

    private static Complex[] SumAligned(Complex[][] shapes, Complex[] mean)
    {
        var sum = new Complex[mean.Length];
        foreach (Complex[] shape in shapes)
        {
            Complex correlation = 0;
            for (int k = 0; k < mean.Length; k++)
                correlation += Complex.Conjugate(shape[k]) * mean[k];
            double length = Complex.Abs(correlation);
            Complex rotation = length > 0 ? correlation / length : Complex.One;
            for (int k = 0; k < mean.Length; k++)
                sum[k] += rotation * shape[k];
        }
        return sum;
    }

    private static Complex[]? Standardize(Vector2[] pose)
    {
        Complex centre = 0;
        foreach (Vector2 point in pose)
        {
            if (!float.IsFinite(point.X) || !float.IsFinite(point.Y))
                return null;
            centre += new Complex(point.X, point.Y);
        }
        centre /= pose.Length;
        Complex[] centred = [.. pose.Select(point => new Complex(point.X, point.Y) - centre)];
        return centred.All(z => Complex.Abs(z) < Converged) ? null : Normalize(centred);
    }

    private static Complex[] Normalize(Complex[] shape)
    {
        double size = Math.Sqrt(shape.Sum(z => z.Real * z.Real + z.Imaginary * z.Imaginary) / shape.Length);
        return size > 0 ? [.. shape.Select(z => z / size)] : shape;
    }
}
