using System.Runtime.CompilerServices;
using KeypointMl.Imaging.Images;
using Microsoft.ML.Data;
using SkiaSharp;

namespace KeypointMl.Rows;

/// <summary>The one conversion between ML.NET's 4-byte pixels and KeypointMl's RGB.</summary>
public static class MlImagePixels
{
    // ML.NET 5.0 is compiled against SkiaSharp 2.88: MLImage.Pixels looks for a GetPixelSpan that has another type since SkiaSharp 3.
    private static readonly bool HasPixels = typeof(SKBitmap).GetMethod(nameof(SKBitmap.GetPixelSpan), [])?.ReturnType
        == typeof(ReadOnlySpan<byte>);

    /// <summary>
    /// Copies the colours of an image. Its pixels are premultiplied by alpha, so that leaving alpha out composites it
    /// on black, as the decoder does.
    /// </summary>
    /// <param name="image">The image, of format <see cref="MLPixelFormat.Bgra32"/> or <see cref="MLPixelFormat.Rgba32"/>.</param>
    /// <param name="rgb">Receives [Height,Width,3] bytes: red, green, blue.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="NotSupportedException">The image has another pixel format.</exception>
    /// <exception cref="InvalidOperationException">The image was disposed.</exception>
    public static void CopyRgb(MLImage image, Span<byte> rgb)
    {
        ArgumentNullException.ThrowIfNull(image);
        ReadOnlySpan<byte> pixels = PixelsOf(image);
        if (rgb.Length != pixels.Length / 4 * 3)
        {
            throw new ArgumentException(
                $"A {image.Width}×{image.Height} RGB image has {pixels.Length / 4 * 3} bytes; the span holds {rgb.Length}.", nameof(rgb));
        }
        switch (image.PixelFormat)
        {
            case MLPixelFormat.Rgba32:
                RgbPacking.PackRgba(pixels, rgb);
                break;
            case MLPixelFormat.Bgra32:
                RgbPacking.PackBgra(pixels, rgb);
                break;
            case var other:
                throw new NotSupportedException(
                    $"The image has the pixel format {other}; expected {MLPixelFormat.Rgba32} or {MLPixelFormat.Bgra32}.");
        }
    }

    /// <summary>Copies an image's colours into an <see cref="RgbImage"/>.</summary>
    /// <inheritdoc cref="CopyRgb"/>
    public static RgbImage ToRgbImage(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new RgbImage(image.Width, image.Height);
        CopyRgb(image, result.Pixels);
        return result;
    }

    /// <summary>Makes an opaque ML.NET image of the same colours; the caller disposes of it.</summary>
    public static MLImage ToMlImage(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        SkiaNatives.Require();
        int length = image.Width * image.Height * 4;
        using var memory = ImageMemory.Of(length);
        Span<byte> pixels = memory.Span;
        for (int from = 0, to = 0; to < length; from += 3, to += 4)
        {
            image.Pixels.AsSpan(from, 3).CopyTo(pixels[to..]);
            pixels[to + 3] = byte.MaxValue;
        }
        return MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Rgba32, pixels);
    }

    /// <summary>The image's four bytes for each pixel, as long as it lives; what <see cref="MLImage.Pixels"/> gives where it can.</summary>
    /// <exception cref="InvalidOperationException">The image was disposed.</exception>
    internal static ReadOnlySpan<byte> PixelsOf(MLImage image)
    {
        // Asked for first, because it is refused for an image that was disposed.
        _ = image.Width;
        return HasPixels ? image.Pixels : SkiaImages.PixelsOf(Bitmap(image));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_image")]
    private static extern ref SKBitmap Bitmap(MLImage image);
}
