namespace KeypointMl.Data;

/// <summary>Foreground masks: white keeps a pixel, black makes it black, grey darkens it.</summary>
public static class ImageMask
{
    /// <summary>Multiplies an image by a mask, in place.</summary>
    /// <param name="image">The image; its pixels are changed.</param>
    /// <param name="mask">A picture of the same size; its channels are taken one by one.</param>
    /// <param name="name">What to call the mask in messages.</param>
    /// <exception cref="InvalidDataException">The sizes differ.</exception>
    public static void Apply(RgbImage image, RgbImage mask, string name)
    {
        if ((mask.Width, mask.Height) != (image.Width, image.Height))
            throw new InvalidDataException($"Mask {name} is {mask.Width}×{mask.Height}; its image is {image.Width}×{image.Height}. They must have one size.");
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)((image.Pixels[i] * mask.Pixels[i] + 127) / 255);
    }
}
