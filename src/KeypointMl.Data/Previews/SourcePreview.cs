using KeypointMl.Data.Frames;
using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using SkiaSharp;

namespace KeypointMl.Data.Previews;

/// <summary>Draws the picture that a frame was cut out of, with its box.</summary>
internal static class SourcePreview
{
    private static readonly SKColor BoxColor = new(255, 220, 0);

    /// <summary>The source picture in a cell, unstretched on black, or null where it is no file under the data root.</summary>
    internal static RgbImage? Draw(FrameId id, FramePicker videos, string dataRoot, int width, int height)
    {
        string path = Path.Combine(dataRoot, id.Source);
        if (!File.Exists(path))
            return null;
        RgbImage source = ImageFolder.IsImage(path) ? ImageDecoder.Decode(path) : videos.Read(path, [id.Frame]).First().Image;
        float scale = Math.Min((float)width / source.Width, (float)height / source.Height);
        RgbImage small = ImageCropper.Resize(source, Math.Max(1, (int)(source.Width * scale)), Math.Max(1, (int)(source.Height * scale)));
        SkiaNatives.Require();
        using var cell = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(cell);
        canvas.Clear(SKColors.Black);
        using (SKBitmap picture = SkiaImages.ToBitmap(small))
            canvas.DrawBitmap(picture, 0, 0);
        using var paint = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = 2, Color = BoxColor };
        canvas.DrawRect(id.Box.X * scale, id.Box.Y * scale, id.Box.Width * scale, id.Box.Height * scale, paint);
        canvas.Flush();
        return SkiaImages.FromBitmap(cell);
    }
}
