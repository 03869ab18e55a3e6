using System.Numerics;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>A row's part of its frame with the skeleton on it, as JPEG.</summary>
/// <param name="Jpeg">The picture.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Points">K points in its pixels; NaN where there is none.</param>
internal sealed record Thumbnail(byte[] Jpeg, int Width, int Height, IReadOnlyList<Vector2> Points)
{
    private const int LongerSide = 320;
    private const int Quality = 82;
    private const float Margin = 1.35f;

    /// <summary>Draws a row.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="row">A row with a box.</param>
    /// <param name="skeleton">Names the K keypoints and their edges.</param>
    /// <returns>The picture; null where the box lies too far away to be cut out.</returns>
    public static Thumbnail? Of(RgbImage frame, PredictionRow row, Skeleton skeleton)
    {
        Box part = PartOf(row.Box!.Value, frame);
        if (!ImageCropper.CanCrop(part))
            return null;
        float scale = LongerSide / Math.Max(part.Width, part.Height);
        (int width, int height) = (Math.Max(1, (int)MathF.Round(part.Width * scale)), Math.Max(1, (int)MathF.Round(part.Height * scale)));
        RgbImage crop = ImageCropper.Crop(frame, part, width, height);
        Vector2[] points = [.. row.Keypoints.ToArray().Select(point => part.ToCrop(point, width, height))];
        RgbImage drawn = PosePainter.Paint(crop, skeleton, points, subjectSize: LongerSide / Margin);
        return new Thumbnail(ImageWriter.EncodeJpeg(drawn, Quality), width, height, points);
    }

    // With some of its surroundings, but no more than the frame has where the box fills it.
    private static Box PartOf(Box box, RgbImage frame)
    {
        (float width, float height) = (Math.Min(box.Width * Margin, Math.Max(frame.Width, box.Width)),
            Math.Min(box.Height * Margin, Math.Max(frame.Height, box.Height)));
        return new Box(box.X - (width - box.Width) / 2, box.Y - (height - box.Height) / 2, width, height);
    }
}
