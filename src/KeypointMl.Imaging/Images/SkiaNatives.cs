using System.Reflection;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace KeypointMl.Imaging.Images;

/// <summary>
/// Skia's native library, asked for before anything else is asked of SkiaSharp: a user learns from a type initialiser's
/// exception only that something is wrong.
/// </summary>
internal static class SkiaNatives
{
    private static volatile bool found;

    /// <summary>Loads the library where that was not done yet.</summary>
    /// <exception cref="DllNotFoundException">It is missing or of another version; the message says what to type.</exception>
    public static void Require()
    {
        if (!found)
            Load();
    }

    private static void Load()
    {
        try
        {
            SkiaSharpVersion.CheckNativeLibraryCompatible(throwIfIncompatible: true);
            found = true;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
            or InvalidOperationException or TypeInitializationException)
        {
            throw new DllNotFoundException(Explain(e.InnerException ?? e), e);
        }
    }

    private static string Explain(Exception cause)
    {
        string package = OperatingSystem.IsWindows() ? "SkiaSharp.NativeAssets.Win32"
            : OperatingSystem.IsMacOS() ? "SkiaSharp.NativeAssets.macOS"
            : "SkiaSharp.NativeAssets.Linux.NoDependencies";
        string? version = typeof(SKBitmap).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0];
        return $"Pictures need SkiaSharp's native library, which this application does not have for {RuntimeInformation.RuntimeIdentifier} "
            + $"in the version of its SkiaSharp ({version}): {cause.Message.Split('\n')[0].TrimEnd()} "
            + $"Type: dotnet add package {package} --version {version}. KeypointMl.Cpu and KeypointMl.Gpu bring it for every platform.";
    }
}
