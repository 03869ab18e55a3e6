using System.Globalization;

namespace KeypointMl.Imaging.Images;

/// <summary>A colour of an <see cref="RgbImage"/>'s pixel; as text <c>#rrggbb</c>.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue) : IParsable<RgbColor>
{
    /// <summary>#000000.</summary>
    public static RgbColor Black { get; } = new(0, 0, 0);

    /// <summary>#ffffff.</summary>
    public static RgbColor White { get; } = new(255, 255, 255);

    /// <summary>Reads <c>#rrggbb</c>.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static RgbColor Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out RgbColor color)
        ? color
        : throw new FormatException($"'{s}' is not a colour; expected six hexadecimal digits after '#', such as #56b4e9.");

    /// <summary>Reads <c>#rrggbb</c>.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out RgbColor result)
    {
        result = default;
        if (s is not ['#', .. { Length: 6 } digits]
            || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb))
            return false;
        result = new RgbColor((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return true;
    }

    /// <summary>A mixture: <paramref name="from"/> at 0, <paramref name="to"/> at 1, to the nearest grey level.</summary>
    public static RgbColor Lerp(RgbColor from, RgbColor to, float amount)
    {
        return new(Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        byte Mix(byte a, byte b) => (byte)Math.Clamp(MathF.Round(float.Lerp(a, b, amount)), byte.MinValue, byte.MaxValue);
    }

    /// <summary><c>#rrggbb</c>, lower case.</summary>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}
