using System.Numerics;
using KeypointMl.Data.Yaml;

namespace KeypointMl.Data.Priors.Building;

/// <summary>
/// How poses are placed in the crop: its size in pixels; the pose's larger extent as a fraction of the crop's smaller
/// side, drawn from <c>fill</c>; a shift of its centre, uniform within ± <c>shift</c> of the crop's sides. Without
/// <c>fill</c> poses that are in a crop already stay as they are.
/// </summary>
internal sealed record PriorCrop(int Width, int Height, SampledRange? Fill, float Shift)
{
    internal static PriorCrop Parse(YamlSection? section, bool keep)
    {
        YamlValue? fill = section?.Optional("fill");
        var crop = new PriorCrop(
            section?.Optional("width")?.AsInt32(2) ?? 128,
            section?.Optional("height")?.AsInt32(2) ?? 128,
            fill is null && keep ? null : SampledRange.Parse(fill, 0.7f, 0.85f, 0.01f, 10),
            section?.Optional("shift")?.AsSingle(0, 1) ?? 0);
        section?.RejectUnknownKeys();
        return crop;
    }

    /// <summary>Places a pose of any size; the result is in pixels of the crop.</summary>
    internal Vector2[] Place(Vector2[] pose, ref SeededRandom random)
    {
        if (Fill is not SampledRange fill)
            return pose;
        Vector2 min = pose.Aggregate(Vector2.Min), max = pose.Aggregate(Vector2.Max);
        float extent = MathF.Max(max.X - min.X, max.Y - min.Y);
        float scale = fill.Draw(ref random) * Math.Min(Width, Height) / MathF.Max(extent, 1e-6f);
        var size = new Vector2(Width, Height);
        Vector2 centre = (size - Vector2.One) / 2 + new Vector2(random.Uniform(-1, 1), random.Uniform(-1, 1)) * Shift * size;
        return Array.ConvertAll(pose, point => (point - (min + max) / 2) * scale + centre);
    }
}
