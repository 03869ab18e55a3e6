namespace KeypointMl.Imaging.Images;

/// <summary>A decoded picture: 8-bit RGB (sRGB as stored; no colour management), row-major, without padding.</summary>
public sealed class RgbImage
{
    /// <summary>An all-black image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public RgbImage(int width, int height)
        : this(width, height, new byte[ByteCount(width, height)])
    {
    }

    /// <summary>Wraps pixels without copying them.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">[height,width,3] bytes.</param>
    /// <exception cref="ArgumentException">A side is below 1, or there is another number of bytes than height·width·3.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        if (pixels.Length != ByteCount(width, height))
        {
            throw new ArgumentException(
                $"A {width}×{height} RGB image has {ByteCount(width, height)} bytes; {pixels.Length} were given.", nameof(pixels));
        }
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>[Height,Width,3] bytes: red, green, blue.</summary>
    public byte[] Pixels { get; }

    private static int ByteCount(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return checked(width * height * 3);
    }
}

/// <summary>Foreground masks: white keeps a pixel, black makes it black, grey darkens it.</summary>
internal static class ImageMask
{
    /// <summary>Multiplies an image by a mask, in place.</summary>
    /// <param name="image">The image; its pixels are changed.</param>
    /// <param name="mask">A picture of the same size; its channels are taken one by one.</param>
    /// <param name="name">What to call the mask in messages.</param>
    /// <exception cref="InvalidDataException">The sizes differ.</exception>
    public static void Apply(RgbImage image, RgbImage mask, string name)
    {
        if ((mask.Width, mask.Height) != (image.Width, image.Height))
        {
            throw new InvalidDataException(
                $"Mask {name} is {mask.Width}×{mask.Height}; its image is {image.Width}×{image.Height}. They must have one size.");
        }
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)((image.Pixels[i] * mask.Pixels[i] + 127) / 255);
    }
}
