using System.Numerics;
using KeypointMl.Data.Yaml;

namespace KeypointMl.Data.Priors.Building;

/// <summary>
/// Draws pinhole cameras that look at a subject: azimuth and elevation in degrees (0, 0 looks along −z at the height of
/// the subject; positive elevation looks down on it), roll in degrees, distance in multiples of the subject's size (its
/// largest extent), focal length in widths of the image, and the aim's normal deviation in multiples of the subject's
/// size.
/// </summary>
internal sealed record CameraSampler(
    SampledRange Azimuth, SampledRange Elevation, SampledRange Roll, SampledRange Distance, SampledRange Focal, float Aim)
{
    private const float Degree = MathF.PI / 180;

    internal static CameraSampler Parse(YamlSection? section)
    {
        var sampler = new CameraSampler(
            SampledRange.Parse(section?.Optional("azimuth"), -180, 180, -360, 360),
            SampledRange.Parse(section?.Optional("elevation"), -10, 20, -89, 89),
            SampledRange.Parse(section?.Optional("roll"), 0, 0, -180, 180),
            SampledRange.Parse(section?.Optional("distance"), 2.5f, 5, 1, 1000),
            SampledRange.Parse(section?.Optional("focal"), 1, 1.6f, 0.1f, 1000),
            section?.Optional("aim")?.AsSingle(0, 10) ?? 0);
        section?.RejectUnknownKeys();
        return sampler;
    }

    /// <summary>Projects points (y up) with a camera that is drawn.</summary>
    /// <returns>
    /// Points in widths of the image: (0,0) is its centre, x right, y down, ±½ its edges; null where a point is behind
    /// the camera.
    /// </returns>
    internal Vector2[]? Project(ReadOnlySpan<Vector3> points, ref SeededRandom random)
    {
        (Vector3 min, Vector3 max) = (points[0], points[0]);
        foreach (Vector3 point in points)
            (min, max) = (Vector3.Min(min, point), Vector3.Max(max, point));
        Vector3 extent = max - min;
        float size = MathF.Max(extent.X, MathF.Max(extent.Y, extent.Z));
        (float azimuth, float elevation, float roll) =
            (Azimuth.Draw(ref random) * Degree, Elevation.Draw(ref random) * Degree, Roll.Draw(ref random) * Degree);
        (float distance, float focal) = (Distance.Draw(ref random) * size, Focal.Draw(ref random));
        Vector3 aim = (min + max) / 2 + Aim * size * new Vector3(random.Gaussian(), random.Gaussian(), random.Gaussian());

        // The direction from the subject to the camera, and the camera's axes.
        var back = new Vector3(MathF.Cos(elevation) * MathF.Sin(azimuth), MathF.Sin(elevation), MathF.Cos(elevation) * MathF.Cos(azimuth));
        Vector3 right = Vector3.Normalize(Vector3.Cross(Vector3.UnitY, back));
        Vector3 up = Vector3.Cross(back, right);
        (float sin, float cos) = MathF.SinCos(roll);
        (right, up) = (cos * right + sin * up, cos * up - sin * right);

        var projected = new Vector2[points.Length];
        for (int k = 0; k < points.Length; k++)
        {
            Vector3 relative = points[k] - aim;
            float depth = distance - Vector3.Dot(relative, back);
            if (depth <= 0.05f * distance)
                return null;
            projected[k] = new Vector2(Vector3.Dot(relative, right), -Vector3.Dot(relative, up)) * (focal / depth);
        }
        return projected;
    }
}
