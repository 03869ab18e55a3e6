using KeypointMl.Imaging.Images;

namespace KeypointMl.Tests.MlNet;

/// <summary>Smooth pictures of random blobs.</summary>
internal sealed class SeededRandomPictures(int seed)
{
    private readonly Random random = new(seed);

    public RgbImage Next(int width, int height)
    {
        (float X, float Y, float Size, int Channel)[] blobs = [.. Enumerable.Range(0, 12)
            .Select(i => (random.NextSingle() * width, random.NextSingle() * height, width * (0.05f + random.NextSingle() / 5), i % 3))];
        var image = new RgbImage(width, height);
        for (int i = 0; i < width * height; i++)
        {
            foreach ((float x, float y, float size, int channel) in blobs)
            {
                float distance = MathF.Pow((i % width - x) / size, 2) + MathF.Pow((i / width - y) / size, 2);
                ref byte pixel = ref image.Pixels[3 * i + channel];
                pixel = (byte)Math.Min(255, pixel + 160 * MathF.Exp(-distance));
            }
        }
        return image;
    }
}
