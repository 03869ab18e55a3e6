using System.Globalization;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using SkiaSharp;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Draws the boxes of subjects on frames: a colour and the number of each track; dashed where the score is below one half.
/// </summary>
internal static class SubjectPainter
{
    /// <summary>A copy of a frame, reduced or enlarged, with the boxes of its subjects.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="found">Its subjects.</param>
    /// <param name="scale">Pixels of the result for each pixel of the frame; greater than 0.</param>
    /// <param name="title">Text in the upper left corner; null for none.</param>
    public static RgbImage Paint(RgbImage frame, FoundFrame found, float scale = 1, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(found);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        (int width, int height) = (Math.Max(1, (int)(frame.Width * scale)), Math.Max(1, (int)(frame.Height * scale)));
        using SKBitmap bitmap = SkiaImages.ToBitmap(scale == 1 ? frame : ImageCropper.Resize(frame, width, height));
        using (var canvas = new SKCanvas(bitmap))
        {
            float unit = Math.Max(1, Math.Min(width, height) / 300f);
            foreach (FoundSubject subject in found.Subjects)
                Draw(canvas, subject, scale, unit);
            if (title is not null)
                Write(canvas, title, 4 * unit, 16 * unit, unit, SKColors.White);
        }
        return SkiaImages.FromBitmap(bitmap);
    }

    private static void Draw(SKCanvas canvas, FoundSubject subject, float scale, float unit)
    {
        SKColor color = TrackColor.OfNumber(subject.Track);
        using SKPathEffect? dashes = subject.Score < 0.5f ? SKPathEffect.CreateDash([4 * unit, 3 * unit], 0) : null;
        using var paint = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = unit, Color = color, PathEffect = dashes };
        // A box begins at the left edge of pixel X, which Skia calls X as well: its (0,0) is the corner of the first pixel.
        (float x, float y) = (subject.Box.X * scale, subject.Box.Y * scale);
        canvas.DrawRect(x, y, subject.Box.Width * scale, subject.Box.Height * scale, paint);
        Write(canvas, subject.Track.ToString(CultureInfo.InvariantCulture), x + 3 * unit, y + 13 * unit, unit, color);
    }

    private static void Write(SKCanvas canvas, string text, float x, float y, float unit, SKColor color)
    {
        if (SystemFont.Face is not { } face)
            return;
        using var font = new SKFont(face, 12 * unit);
        using var shadow = new SKPaint { IsAntialias = true, Color = SKColors.Black, IsStroke = true, StrokeWidth = 3 * unit };
        using var paint = new SKPaint { IsAntialias = true, Color = color };
        canvas.DrawText(text, x, y, font, shadow);
        canvas.DrawText(text, x, y, font, paint);
    }
}
