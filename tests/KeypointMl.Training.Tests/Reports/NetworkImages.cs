using KeypointMl.Imaging.Images;

namespace KeypointMl.Training.Tests;

/// <summary>The networks' images as pictures: values in [−1,1] become 0…255, what lies outside is clamped.</summary>
internal static class NetworkImages
{
    /// <summary>A colour image.</summary>
    /// <param name="values">[3,H,W], RGB, in [−1,1].</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <exception cref="ArgumentException">There is another number of values.</exception>
    public static RgbImage FromColor(ReadOnlySpan<float> values, int width, int height)
    {
        CheckCount(values.Length, 3 * width * height, "3");
        var image = new RgbImage(width, height);
        for (int channel = 0; channel < 3; channel++)
        {
            for (int pixel = 0; pixel < width * height; pixel++)
                image.Pixels[3 * pixel + channel] = ToByte(values[channel * width * height + pixel]);
        }
        return image;
    }

    /// <summary>A skeleton image, in grey.</summary>
    /// <param name="values">[1,H,W], in [−1,1].</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <exception cref="ArgumentException">There is another number of values.</exception>
    public static RgbImage FromGray(ReadOnlySpan<float> values, int width, int height)
    {
        CheckCount(values.Length, width * height, "1");
        var image = new RgbImage(width, height);
        for (int pixel = 0; pixel < width * height; pixel++)
            image.Pixels.AsSpan(3 * pixel, 3).Fill(ToByte(values[pixel]));
        return image;
    }

    // NaN becomes black rather than an exception: the picture of a run that diverged is worth seeing.
    private static byte ToByte(float value) => float.IsNaN(value) ? (byte)0 : (byte)Math.Clamp(MathF.Round((value + 1) * 127.5f), 0, 255);

    private static void CheckCount(int found, int expected, string channels)
    {
        if (found != expected)
            throw new ArgumentException($"Expected {expected} values for [{channels},H,W]; found {found}.");
    }
}
