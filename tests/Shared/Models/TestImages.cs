using System.Numerics;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Testing;

/// <summary>Black pictures with one red, one green and one blue dot: what the test detector finds exactly.</summary>
internal static class TestImages
{
    /// <summary>Three different dots that follow from a number.</summary>
    public static Vector2[] Dots(int number, int width = TestModels.Width, int height = TestModels.Height) =>
        [.. Enumerable.Range(0, 3).Select(k => new Vector2((number * 7 + k * 5 + 1) % width, (number * 3 + k * 4 + 2) % height))];

    public static RgbImage Draw(ReadOnlySpan<Vector2> dots, int width = TestModels.Width, int height = TestModels.Height)
    {
        var image = new RgbImage(width, height);
        for (int k = 0; k < dots.Length; k++)
            image.Pixels[((int)dots[k].Y * width + (int)dots[k].X) * 3 + k] = 255;
        return image;
    }

    public static RgbImage Numbered(int number) => Draw(Dots(number));

    public static float[] Flatten(IEnumerable<Vector2> points) => [.. points.SelectMany(p => new[] { p.X, p.Y })];
}
