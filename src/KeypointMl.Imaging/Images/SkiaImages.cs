using SkiaSharp;

namespace KeypointMl.Imaging.Images;

/// <summary>Copies between <see cref="RgbImage"/> and Skia's opaque RGBA bitmaps.</summary>
internal static class SkiaImages
{
    internal static unsafe SKBitmap ToBitmap(RgbImage image)
    {
        SkiaNatives.Require();
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        RgbPacking.UnpackRgba(image.Pixels, new Span<byte>((void*)bitmap.GetPixels(), bitmap.ByteCount));
        return bitmap;
    }

    internal static RgbImage FromBitmap(SKBitmap bitmap)
    {
        var image = new RgbImage(bitmap.Width, bitmap.Height);
        RgbPacking.PackRgba(PixelsOf(bitmap), image.Pixels);
        return image;
    }

    /// <summary>
    /// The pixels of a bitmap, as long as it lives. Not <c>GetPixelSpan</c>: it has another type in SkiaSharp 2 than
    /// since 3.
    /// </summary>
    internal static unsafe ReadOnlySpan<byte> PixelsOf(SKBitmap bitmap) => new((void*)bitmap.GetPixels(), bitmap.ByteCount);
}
