using System.Numerics;
using KeypointMl.Poses;
using SkiaSharp;

namespace KeypointMl.Data;

/// <summary>Draws poses on pictures: antialiased lines for the edges, each in a colour of its own, and dots for the keypoints.</summary>
public static class PosePainter
{
    /// <summary>A copy of a picture, enlarged, with a pose on it.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="skeleton">Names the K keypoints and their edges.</param>
    /// <param name="pose">K points in pixels of the picture; those that are not finite, and the edges that need them, are left out.</param>
    /// <param name="zoom">How many times the picture is enlarged.</param>
    /// <param name="subjectSize">The larger side in pixels of what the pose is of, such as its box: lines are 1/100 of it wide; null where it fills the picture.</param>
    /// <exception cref="ArgumentException">The pose has not K points.</exception>
    public static RgbImage Paint(RgbImage image, Skeleton skeleton, ReadOnlySpan<Vector2> pose, int zoom = 1, float? subjectSize = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(zoom, 1);
        RgbImage enlarged = zoom == 1 ? image : ImageCropper.Resize(image, image.Width * zoom, image.Height * zoom);
        using SKBitmap bitmap = SkiaImages.ToBitmap(enlarged);
        using (var canvas = new SKCanvas(bitmap))
            Draw(canvas, skeleton, pose, zoom, (subjectSize ?? Math.Max(image.Width, image.Height)) * zoom / 100f);
        return SkiaImages.FromBitmap(bitmap);
    }

    /// <summary>The colour of an edge: hues evenly round the circle.</summary>
    internal static SKColor EdgeColor(int edge, int edges) => SKColor.FromHsv(360f * edge / Math.Max(edges, 1), 90, 100);

    private static void Draw(SKCanvas canvas, Skeleton skeleton, ReadOnlySpan<Vector2> pose, int zoom, float lineWidth)
    {
        if (pose.Length != skeleton.Count)
            throw new ArgumentException($"The pose has {pose.Length} points; skeleton '{skeleton.Name}' has {skeleton.Count} keypoints.", nameof(pose));
        using var paint = new SKPaint { IsAntialias = true, StrokeWidth = Math.Max(1, lineWidth), StrokeCap = SKStrokeCap.Round };
        for (int i = 0; i < skeleton.Edges.Length; i++)
        {
            (Vector2 from, Vector2 to) = (Mean(pose, skeleton.Edges[i].From), Mean(pose, skeleton.Edges[i].To));
            if (!IsFinite(from) || !IsFinite(to))
                continue;
            paint.Color = EdgeColor(i, skeleton.Edges.Length);
            canvas.DrawLine(ToCanvas(from, zoom), ToCanvas(to, zoom), paint);
        }
        paint.Color = SKColors.White;
        foreach (Vector2 point in pose)
        {
            if (IsFinite(point))
                canvas.DrawCircle(ToCanvas(point, zoom), Math.Max(1, lineWidth * 0.75f), paint);
        }
    }

    private static Vector2 Mean(ReadOnlySpan<Vector2> pose, IReadOnlyCollection<int> keypoints)
    {
        Vector2 sum = default;
        foreach (int k in keypoints)
            sum += pose[k];
        return sum / keypoints.Count;
    }

    // Skia's (0,0) is the corner of the first pixel, ours its centre.
    private static SKPoint ToCanvas(Vector2 point, int zoom) => new((point.X + 0.5f) * zoom, (point.Y + 0.5f) * zoom);

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);
}
