using SkiaSharp;

namespace KeypointMl.Imaging.Drawing;

/// <summary>The typeface for texts in pictures: one of the system that has Latin and Greek letters.</summary>
/// <remarks>
/// Skia finds it where its build knows the system's fonts. SkiaSharp 4's library for Linux without dependencies knows
/// none (mono/SkiaSharp#4303): there the fonts' folders are looked through.
/// </remarks>
internal static class SystemFont
{
    private const int MostFiles = 2000;
    private static readonly string[] Preferred = ["DejaVuSans", "NotoSans-Regular", "LiberationSans-Regular", "FreeSans", "Arial"];
    private static readonly Lazy<SKTypeface?> Found = new(Find);

    /// <summary>The typeface, which is the process's and never disposed of; null where the system has none.</summary>
    public static SKTypeface? Face => Found.Value;

    /// <summary>The files of the system's fonts on Linux, upright sans-serif ones that are well known first.</summary>
    public static IEnumerable<string> Files()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders = ["/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(home, ".local/share/fonts"), Path.Combine(home, ".fonts")];
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", options))
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc")
            .Take(MostFiles)
            .OrderBy(Rank).ThenBy(file => file, StringComparer.Ordinal);
    }

    private static SKTypeface? Find()
    {
        if (Suits(SKTypeface.Default))
            return SKTypeface.Default;
        if (SKFontManager.Default.MatchCharacter('Φ') is { } matched && Suits(matched))
            return matched;
        return OperatingSystem.IsLinux() ? Files().Select(SKTypeface.FromFile).FirstOrDefault(Suits) : null;
    }

    private static int Rank(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        int known = Array.IndexOf(Preferred, name);
        return known >= 0 ? known
            : name.Contains("Sans", StringComparison.Ordinal) && name.EndsWith("Regular", StringComparison.Ordinal) ? Preferred.Length
            : Preferred.Length + 1;
    }

    private static bool Suits(SKTypeface? face) => face is not null && face.ContainsGlyph('Φ') && face.ContainsGlyph('a');
}
