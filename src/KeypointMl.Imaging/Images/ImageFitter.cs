namespace KeypointMl.Imaging.Images;

/// <summary>Brings pictures into a given size without stretching them.</summary>
internal static class ImageFitter
{
    /// <summary>The picture as large as it fits, in the middle of black; the picture itself where it has that size.</summary>
    public static RgbImage Fit(RgbImage image, int width, int height)
    {
        if ((image.Width, image.Height) == (width, height))
            return image;
        double scale = Math.Min((double)width / image.Width, (double)height / image.Height);
        int inner = Math.Clamp((int)Math.Round(image.Width * scale), 1, width);
        int rows = Math.Clamp((int)Math.Round(image.Height * scale), 1, height);
        RgbImage small = ImageCropper.Resize(image, inner, rows);
        var fitted = new RgbImage(width, height);
        (int left, int top) = ((width - inner) / 2, (height - rows) / 2);
        for (int y = 0; y < rows; y++)
            small.Pixels.AsSpan(y * inner * 3, inner * 3).CopyTo(fitted.Pixels.AsSpan(((top + y) * width + left) * 3));
        return fitted;
    }
}
