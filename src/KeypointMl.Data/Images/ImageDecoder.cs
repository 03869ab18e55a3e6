using SkiaSharp;

namespace KeypointMl.Data;

/// <summary>
/// Decodes JPEG, PNG, WebP, BMP and GIF (first picture) to RGB: the one decoder of training, evaluation and scoring. The EXIF orientation is applied; grey becomes
/// three equal channels; transparent pictures are composited on black; embedded colour profiles are ignored.
/// </summary>
public static class ImageDecoder
{
    /// <summary>Decodes a file.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is empty, truncated, damaged, no image, or larger than the limit; the message names the file.</exception>
    public static RgbImage Decode(string path, ImageDecoderOptions? options = null)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no image {path}.", path);
        return Decode(File.ReadAllBytes(path), path, options);
    }

    /// <summary>Decodes an image in memory.</summary>
    /// <param name="encoded">The bytes of an image file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="InvalidDataException">It is empty, truncated, damaged, no image, or larger than the limit.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> encoded, string name, ImageDecoderOptions? options = null)
    {
        using SKData data = CopyToSkia(encoded, name);
        using SKCodec codec = OpenCodec(data, name);
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        long limit = (options ?? ImageDecoderOptions.Default).MaxPixels;
        if ((long)width * height > limit)
            throw new InvalidDataException($"Image {name} is {width}×{height}: more than the limit of {limit:N0} pixels. Shrink it, or raise {nameof(ImageDecoderOptions)}.{nameof(ImageDecoderOptions.MaxPixels)}.");

        // Premultiplied by alpha is composited on black.
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        byte[] rgba = new byte[info.BytesSize64 <= Array.MaxLength ? (int)info.BytesSize64 : throw TooLarge(name, width, height)];
        SKCodecResult result;
        unsafe
        {
            fixed (byte* pointer = rgba)
                result = codec.GetPixels(info, (nint)pointer);
        }
        if (result != SKCodecResult.Success)
            throw new InvalidDataException($"Image {name} ({width}×{height} {codec.EncodedFormat}) cannot be decoded: {Explain(result)}. Replace the file or leave it out.");
        return ExifOrientation.Apply(rgba, width, height, codec.EncodedOrigin);
    }

    /// <summary>Reads an image's size from its header, orientation applied, without decoding it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is empty or no image.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no image {path}.", path);
        using SKData? data = SKData.Create(path);
        using SKCodec codec = OpenCodec(data, path);
        return ExifOrientation.SwapsSides(codec.EncodedOrigin) ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
    }

    private static SKData CopyToSkia(ReadOnlySpan<byte> encoded, string name)
    {
        if (encoded.IsEmpty)
            throw new InvalidDataException($"Image {name} is empty (0 bytes). Replace the file or leave it out.");
        return SKData.CreateCopy(encoded);
    }

    private static SKCodec OpenCodec(SKData? data, string name)
    {
        SKCodec? codec = data is null ? null : SKCodec.Create(data);
        if (codec is null)
            throw new InvalidDataException($"{name} is not an image that can be read (JPEG, PNG, WebP, BMP and GIF can), or its header is damaged. Replace the file or leave it out.");
        if (codec.Info.Width < 1 || codec.Info.Height < 1)
        {
            codec.Dispose();
            throw new InvalidDataException($"Image {name} has no pixels. Replace the file or leave it out.");
        }
        return codec;
    }

    private static InvalidDataException TooLarge(string name, int width, int height) =>
        new($"Image {name} is {width}×{height}: too large for one array. Shrink it.");

    private static string Explain(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "the file ends too early (truncated)",
        SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "its data are damaged",
        _ => $"the decoder says {result}",
    };
}
