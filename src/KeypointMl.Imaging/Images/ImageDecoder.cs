using KeypointMl.Imaging.Files;
using SkiaSharp;

namespace KeypointMl.Imaging.Images;

/// <summary>
/// Decodes JPEG, PNG, WebP, BMP and GIF (first picture) to RGB. The EXIF orientation is applied; grey becomes three
/// equal channels; transparent pictures are composited on black; embedded colour profiles are ignored. Where a crop is
/// wanted and not the picture itself, <see cref="EncodedImage.Crop"/> is faster.
/// </summary>
public static class ImageDecoder
{
    /// <summary>Decodes a file.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no regular file, empty, truncated, damaged, no image, or larger than the limit; the message names the
    /// file.
    /// </exception>
    public static RgbImage Decode(string path, ImageDecoderOptions? options = null)
    {
        using var image = EncodedImage.Open(path, options);
        return image.Decode();
    }

    /// <summary>Decodes an image in memory.</summary>
    /// <param name="encoded">The bytes of an image file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="InvalidDataException">It is empty, truncated, damaged, no image, or larger than the limit.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> encoded, string name, ImageDecoderOptions? options = null)
    {
        using var image = EncodedImage.Open(encoded, name, options);
        return image.Decode();
    }

    /// <summary>Reads an image's size from its header, orientation applied, without reading or decoding the rest.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no regular file, empty or no image.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        RegularFile.Require(path, "image");
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no image {PrintableText.Of(path)}.", path);
        SkiaNatives.Require();
        using SKCodec? codec = SKCodec.Create(path);
        if (codec is null || codec.Info.Width < 1 || codec.Info.Height < 1)
        {
            // There is no codec for a file that may not be read either: opening it says so.
            File.OpenHandle(path).Dispose();
            throw new InvalidDataException(
                $"{PrintableText.Of(path)} is not an image that can be read (JPEG, PNG, WebP, BMP and GIF can), or its "
                + "header is damaged. Replace the file or leave it out.");
        }
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        return ExifOrientation.SwapsSides(ExifOrientation.Of(codec, path)) ? (height, width) : (width, height);
    }
}

/// <summary>Limits for decoding images that may come from anywhere.</summary>
public sealed record ImageDecoderOptions
{
    /// <summary>The defaults.</summary>
    public static ImageDecoderOptions Default { get; } = new();

    /// <summary>
    /// The most pixels that are decoded, 100 million by default (300 MB as RGB). The size is read from the header
    /// first, so a small file that claims to be huge costs nothing.
    /// </summary>
    public long MaxPixels { get; init; } = 100_000_000;
}
