using KeypointMl.Imaging.Files;
using SkiaSharp;

namespace KeypointMl.Imaging.Images;

/// <summary>Encodes images as PNG and JPEG.</summary>
public static class ImageWriter
{
    /// <summary>
    /// Writes a PNG (.png) or a JPEG (.jpg, .jpeg), as the name ends. The file appears under its name only when it is
    /// complete.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">The file; its folder must exist. An old file is replaced.</param>
    /// <param name="jpegQuality">1 to 100; for JPEG only.</param>
    /// <exception cref="ArgumentException">The name ends in another way.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(RgbImage image, string path, int jpegQuality = 90)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!OutputPath.HasExtension(path, OutputPath.Pictures))
        {
            throw new ArgumentException(
                $"A picture cannot be written to '{PrintableText.Of(path)}': expected a name that ends in "
                + $"{string.Join(" or ", OutputPath.Pictures)}.",
                nameof(path));
        }
        byte[] encoded = Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg"
            ? EncodeJpeg(image, jpegQuality)
            : EncodePng(image);
        // Not AtomicFile.Write, which looks for leftovers: pictures come by the thousand into one folder.
        using var file = new PendingFile(path);
        file.Content.Write(encoded);
        file.Complete();
    }

    /// <summary>The bytes of a PNG file.</summary>
    public static byte[] EncodePng(RgbImage image) => Encode(image, SKEncodedImageFormat.Png, 100);

    /// <summary>The bytes of a JPEG file.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is outside 1…100.</exception>
    public static byte[] EncodeJpeg(RgbImage image, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return Encode(image, SKEncodedImageFormat.Jpeg, quality);
    }

    private static byte[] Encode(RgbImage image, SKEncodedImageFormat format, int quality)
    {
        using SKBitmap bitmap = SkiaImages.ToBitmap(image);
        using SKData data = bitmap.Encode(format, quality)
            ?? throw new IOException($"A {image.Width}×{image.Height} image cannot be encoded as {format}.");
        return data.ToArray();
    }
}
