using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using SkiaSharp;

namespace KeypointMl.Imaging.Drawing;

/// <summary>Draws poses on pictures: antialiased lines for the edges and dots for the keypoints.</summary>
public static class PosePainter
{
    /// <summary>A copy of a picture, enlarged, with a pose on it.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="skeleton">Names the K keypoints and their edges.</param>
    /// <param name="pose">K points in pixels of the picture; those that are not finite, and the edges that need them, are left out.</param>
    /// <param name="zoom">How many times the picture is enlarged.</param>
    /// <param name="subjectSize">
    /// The larger side in pixels of what the pose is of, such as its box; null where it fills the picture.
    /// </param>
    /// <param name="style">Colours and sizes; null for <see cref="PoseStyle.Default"/>.</param>
    /// <exception cref="ArgumentException">The pose has not K points, or a size of the style is out of range.</exception>
    public static RgbImage Paint(
        RgbImage image,
        Skeleton skeleton,
        ReadOnlySpan<Vector2> pose,
        int zoom = 1,
        float? subjectSize = null,
        PoseStyle? style = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(zoom, 1);
        if (pose.Length != skeleton.Count)
        {
            throw new ArgumentException(
                $"The pose has {pose.Length} points; skeleton '{skeleton.Name}' has {skeleton.Count} keypoints.", nameof(pose));
        }
        style ??= PoseStyle.Default;
        style.Validate();
        RgbImage enlarged = zoom == 1 ? image : ImageCropper.Resize(image, image.Width * zoom, image.Height * zoom);
        using SKBitmap bitmap = SkiaImages.ToBitmap(enlarged);
        using (var canvas = new SKCanvas(bitmap))
            Draw(canvas, skeleton, pose, zoom, (subjectSize ?? Math.Max(image.Width, image.Height)) / 100f, style);
        return SkiaImages.FromBitmap(bitmap);
    }

    private static void Draw(SKCanvas canvas, Skeleton skeleton, ReadOnlySpan<Vector2> pose, int zoom, float ownWidth, PoseStyle style)
    {
        var palette = new PosePalette(skeleton, style);
        float lineWidth = style.LineWidth is { } width ? width * zoom : Math.Max(1, ownWidth * zoom);
        using var paint = new SKPaint { IsAntialias = true, StrokeWidth = lineWidth, StrokeCap = SKStrokeCap.Round };
        for (int i = 0; i < skeleton.Edges.Length; i++)
        {
            (Vector2 from, Vector2 to) = skeleton.Edges[i].Ends(pose);
            if (!IsFinite(from) || !IsFinite(to))
                continue;
            paint.Color = palette.Edge(i);
            canvas.DrawLine(ToCanvas(from, zoom), ToCanvas(to, zoom), paint);
        }
        float radius = style.KeypointRadius is { } given ? given * zoom : Math.Max(1, lineWidth * 0.75f);
        if (radius == 0)
            return;
        for (int k = 0; k < pose.Length; k++)
        {
            if (!IsFinite(pose[k]))
                continue;
            paint.Color = palette.Keypoint(k);
            canvas.DrawCircle(ToCanvas(pose[k], zoom), radius, paint);
        }
    }

    // Skia's (0,0) is the corner of the first pixel, ours its centre.
    private static SKPoint ToCanvas(Vector2 point, int zoom) => new((point.X + 0.5f) * zoom, (point.Y + 0.5f) * zoom);

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);
}
