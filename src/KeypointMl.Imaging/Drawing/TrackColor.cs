using System.Globalization;
using KeypointMl.Imaging.Images;
using SkiaSharp;

namespace KeypointMl.Imaging.Drawing;

/// <summary>The colour of a track, the same in every picture.</summary>
internal static class TrackColor
{
    private const int Hues = 7;

    /// <summary>Of a numbered track: neighbouring numbers have hues that are easily told apart.</summary>
    public static SKColor OfNumber(long track) => SKColor.FromHsv(track % Hues * 360f / Hues + 45, 80, 100);

    /// <summary>Of a track by its name; a number as a number.</summary>
    public static RgbColor Of(string track)
    {
        SKColor color = OfNumber(
            long.TryParse(track, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : Number(track));
        return new RgbColor(color.Red, color.Green, color.Blue);
    }

    // Not string.GetHashCode, which is another one in every process.
    private static long Number(string track)
    {
        uint hash = 2166136261;
        foreach (char letter in track)
            hash = unchecked((hash ^ letter) * 16777619);
        return hash;
    }
}
