using System.Buffers;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Geometry;
using SkiaSharp;

namespace KeypointMl.Imaging.Images;

/// <summary>
/// An image file, or its bytes in memory, of which the header was read: its size is known, its pixels are decoded when
/// they are asked for. The one decoder of training, evaluation, scoring and ML.NET; <see cref="ImageDecoder"/> says
/// what it makes of orientation, grey, alpha and colour profiles. Memory is rented and given back on disposal: reading
/// many images allocates next to nothing.
/// </summary>
public sealed class EncodedImage : IDisposable
{
    private readonly string name;
    private readonly SKData data;
    private readonly SKCodec codec;
    private readonly SKEncodedOrigin origin;
    private ImageMemory bytes;
    private MemoryHandle pin;
    private bool disposed;

    private unsafe EncodedImage(ImageMemory bytes, string name, ImageDecoderOptions options)
    {
        this.bytes = bytes;
        this.name = PrintableText.Of(name);
        try
        {
            SkiaNatives.Require();
            pin = bytes.Pin();
            data = SKData.Create((nint)pin.Pointer, bytes.Span.Length);
            codec = SKCodec.Create(data);
            Check(options);
        }
        catch
        {
            Dispose();
            throw;
        }
        origin = ExifOrientation.Of(codec, bytes.Span);
        bool swaps = ExifOrientation.SwapsSides(origin);
        (Width, Height) = swaps ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
    }

    /// <summary>Width of the upright picture in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the upright picture in pixels.</summary>
    public int Height { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no regular file, empty, no image, or larger than the limit; the message names the file.
    /// </exception>
    public static EncodedImage Open(string path, ImageDecoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        RegularFile.Require(path, "image");
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no image {PrintableText.Of(path)}.", path);
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        long size = RandomAccess.GetLength(file);
        if (size > Array.MaxLength)
            throw new InvalidDataException($"Image {PrintableText.Of(path)} has {size:N0} bytes: too large to be read. Shrink it.");
        var bytes = ImageMemory.Of((int)size);
        try
        {
            int length = 0;
            for (int read; length < size && (read = RandomAccess.Read(file, bytes.Span[length..], length)) > 0;)
                length += read;
            // Where the file became shorter meanwhile, what is missing is not what others left there.
            bytes.Span[length..].Clear();
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
        return Open(bytes, path, options);
    }

    /// <summary>Opens an image in memory; its bytes are copied.</summary>
    /// <param name="encoded">The bytes of an image file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="InvalidDataException">It is empty, no image, or larger than the limit.</exception>
    public static EncodedImage Open(ReadOnlySpan<byte> encoded, string name, ImageDecoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var bytes = ImageMemory.Of(encoded.Length);
        encoded.CopyTo(bytes.Span);
        return Open(bytes, name, options);
    }

    /// <summary>Decodes the whole picture at its full size.</summary>
    /// <exception cref="InvalidDataException">It is truncated or damaged; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    public RgbImage Decode()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var image = new RgbImage(Width, Height);
        DecodeTo(image.Pixels, divisor: 1);
        return image;
    }

    /// <summary>
    /// Decodes, crops and resizes in one step. A JPEG of which much more is decoded than wanted is decoded at a half, a
    /// quarter or an eighth of its size (the format's own way of doing so, averaging over its frequencies): at the
    /// smallest of which the sides are whole pixels and the box still has at least
    /// 1.5 times the pixels of the result along both sides. Otherwise this is <see cref="Decode"/> followed by <see cref="ImageCropper"/>.
    /// </summary>
    /// <param name="box">The part of the upright picture, in its pixels; it may reach outside.</param>
    /// <param name="destination">Receives [height,width,3] bytes, RGB.</param>
    /// <param name="width">Width of the result in pixels.</param>
    /// <param name="height">Height of the result in pixels.</param>
    /// <exception cref="InvalidDataException">The image is truncated or damaged; the message names it.</exception>
    /// <exception cref="ArgumentException">
    /// The box cannot be cropped (see <see cref="ImageCropper"/>), or the destination has another length.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    public void Crop(Box box, Span<byte> destination, int width, int height)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ImageCropper.Check(box);
        int divisor = Divisor(box, width, height);
        (int decodedWidth, int decodedHeight) = (Width / divisor, Height / divisor);
        using var rgb = ImageMemory.Of(checked(decodedWidth * decodedHeight * 3));
        DecodeTo(rgb.Span, divisor);
        ImageCropper.Crop(rgb.Span, decodedWidth, decodedHeight, box.ScaledBy(1f / divisor), destination, width, height);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        // The codec is null where the bytes are no image, the data too where there is no Skia.
        codec?.Dispose();
        data?.Dispose();
        pin.Dispose();
        bytes.Dispose();
    }

    private static EncodedImage Open(ImageMemory bytes, string name, ImageDecoderOptions? options)
    {
        if (bytes.Span.Length > 0)
            return new EncodedImage(bytes, name, options ?? ImageDecoderOptions.Default);
        bytes.Dispose();
        throw new InvalidDataException($"Image {PrintableText.Of(name)} is empty (0 bytes). Replace the file or leave it out.");
    }

    private void Check(ImageDecoderOptions options)
    {
        if (codec is null)
        {
            throw new InvalidDataException(
                $"{name} is not an image that can be read (JPEG, PNG, WebP, BMP and GIF can), or its header is damaged. "
                + "Replace the file or leave it out.");
        }
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if (width < 1 || height < 1)
            throw new InvalidDataException($"Image {name} has no pixels. Replace the file or leave it out.");
        if ((long)width * height > options.MaxPixels)
        {
            throw new InvalidDataException(
                $"Image {name} is {width}×{height}: more than the limit of {options.MaxPixels:N0} pixels. "
                + $"Shrink it, or raise {nameof(ImageDecoderOptions)}.{nameof(ImageDecoderOptions.MaxPixels)}.");
        }
        if ((long)width * height * 4 > Array.MaxLength)
            throw new InvalidDataException($"Image {name} is {width}×{height}: too large for one array. Shrink it.");
    }

    private int Divisor(Box box, int width, int height)
    {
        const float Oversampling = 1.5f;
        int divisor = codec.EncodedFormat == SKEncodedImageFormat.Jpeg ? 8 : 1;
        while (divisor > 1 && (Width % divisor != 0 || Height % divisor != 0 || box.Width < Oversampling * width * divisor
            || box.Height < Oversampling * height * divisor))
            divisor /= 2;
        return divisor;
    }

    private void DecodeTo(Span<byte> rgb, int divisor)
    {
        // Premultiplied by alpha is composited on black.
        var info = new SKImageInfo(codec.Info.Width / divisor, codec.Info.Height / divisor, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var rgba = ImageMemory.Of(info.BytesSize);
        SKCodecResult result;
        unsafe
        {
            fixed (byte* pointer = rgba.Span)
                result = codec.GetPixels(info, (nint)pointer);
        }
        if (result != SKCodecResult.Success)
        {
            throw new InvalidDataException(
                $"Image {name} ({codec.Info.Width}×{codec.Info.Height} {codec.EncodedFormat}) cannot be decoded: {Explain(result)}. "
                + "Replace the file or leave it out.");
        }
        ExifOrientation.Apply(rgba.Span, info.Width, info.Height, origin, rgb);
    }

    private static string Explain(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "the file ends too early (truncated)",
        SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "its data are damaged",
        _ => $"the decoder says {result}",
    };
}
