using System.Numerics;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>
/// How a subject is cut out: <c>crop: { margin: 0.1, square: true, size: 160 }</c>. From the data set's box, or from
/// the bounds of the labelled points where it has none: the margin is a fraction of the larger side added on each side;
/// <c>square</c> (the default) makes both sides the larger one; <c>size</c> is a fixed side in pixels around the centre
/// instead.
/// </summary>
internal sealed record CropSettings(float Margin, bool Square, float? Size)
{
    internal static CropSettings Parse(YamlSection section, float margin)
    {
        if (section.Optional("crop")?.AsSection() is not YamlSection crop)
            return new CropSettings(margin, true, null);
        var settings = new CropSettings(crop.Optional("margin")?.AsSingle(0, 10) ?? margin, crop.Optional("square")?.AsBoolean()
            ?? true, crop.Optional("size")?.AsSingle(1, 100_000));
        crop.RejectUnknownKeys();
        return settings;
    }

    /// <summary>The crop around a box; null where it has no area.</summary>
    internal Box? Around(Box box)
    {
        if (!(box.Width > 0 && box.Height > 0))
            return null;
        (float centreX, float centreY) = (box.X + box.Width / 2, box.Y + box.Height / 2);
        float larger = Math.Max(box.Width, box.Height);
        float width = Size ?? (Square ? larger : box.Width) + 2 * Margin * larger;
        float height = Size ?? (Square ? larger : box.Height) + 2 * Margin * larger;
        return new Box(centreX - width / 2, centreY - height / 2, width, height);
    }

    /// <summary>
    /// The crop around the points that are there; null where there is none, or all lie in one point and no size is fixed.
    /// </summary>
    internal Box? Around(IEnumerable<Vector2> points)
    {
        (Vector2 min, Vector2 max) = (new Vector2(float.PositiveInfinity), new Vector2(float.NegativeInfinity));
        foreach (Vector2 point in points.Where(point => float.IsFinite(point.X) && float.IsFinite(point.Y)))
            (min, max) = (Vector2.Min(min, point), Vector2.Max(max, point));
        if (Size is null && min == max)
            return null;
        // A point at 5 lies in the middle of pixel 5: the bounds cover that pixel.
        return max.X >= min.X ? Around(new Box(min.X, min.Y, max.X - min.X + 1, max.Y - min.Y + 1)) : null;
    }
}
