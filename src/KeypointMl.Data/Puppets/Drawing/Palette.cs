using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>Colours, RGB in [0,1].</summary>
internal static class Palette
{
    private static readonly Vector3[] SkinTones =
    [
        Rgb(0xF6D5BD), Rgb(0xEBBE9B), Rgb(0xD8A07A), Rgb(0xB97F56), Rgb(0x8E5B3C), Rgb(0x5E3B28),
    ];
    private static readonly Vector3[] HairTones =
    [
        Rgb(0x1D1715), Rgb(0x2E211B), Rgb(0x4A3021), Rgb(0x6E4A2C), Rgb(0x9A6A35), Rgb(0xC9A25E), Rgb(0x8C3B1E),
        Rgb(0x8F8C88),
    ];

    public static Vector3 Rgb(int hex) => new Vector3((hex >> 16) & 255, (hex >> 8) & 255, hex & 255) / 255;

    /// <summary>Hue in turns, saturation and value in [0,1].</summary>
    public static Vector3 Hsv(float hue, float saturation, float value) =>
        value * new Vector3(Channel(hue, saturation), Channel(hue + 2f / 3, saturation), Channel(hue + 1f / 3, saturation));

    public static Vector3 DrawSkin(ref SeededRandom random)
    {
        float tone = random.Uniform(0, SkinTones.Length - 1);
        int index = (int)tone;
        return Vector3.Lerp(SkinTones[index], SkinTones[index + 1], tone - index);
    }

    public static Vector3 DrawHair(ref SeededRandom random) => HairTones[random.Next(HairTones.Length)] * random.Uniform(0.85f, 1.1f);

    /// <summary>A colour of clothes: anything from muted to vivid, some neutrals.</summary>
    public static Vector3 DrawCloth(ref SeededRandom random) => random.Chance(0.22)
        ? Hsv(random.Uniform(0, 1), random.Uniform(0, 0.12f), random.Uniform(0.18f, 0.96f))
        : Hsv(random.Uniform(0, 1), random.Uniform(0.3f, 0.75f), random.Uniform(0.4f, 0.92f));

    /// <summary>A colour of trousers: denim, khaki, greys, now and then anything.</summary>
    public static Vector3 DrawTrousers(ref SeededRandom random) => random.Next(6) switch
    {
        0 or 1 => Hsv(random.Uniform(0.57f, 0.65f), random.Uniform(0.3f, 0.65f), random.Uniform(0.3f, 0.75f)),
        2 => Hsv(random.Uniform(0.07f, 0.13f), random.Uniform(0.2f, 0.5f), random.Uniform(0.4f, 0.85f)),
        3 => Hsv(random.Uniform(0, 1), random.Uniform(0, 0.08f), random.Uniform(0.16f, 0.9f)),
        _ => DrawCloth(ref random),
    };

    private static float Channel(float hue, float saturation)
    {
        float h = hue - MathF.Floor(hue);
        return 1 - saturation + saturation * Math.Clamp(MathF.Abs(h * 6 - 3) - 1, 0, 1);
    }
}
