using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Onnx;

/// <summary>
/// ONNX Runtime's native library, asked for before anything else is asked of ONNX Runtime: a user learns from a type
/// initialiser's exception only that something is wrong.
/// </summary>
internal static class OnnxRuntimeNatives
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
            using var options = new SessionOptions();
            found = true;
        }
        // An older library that the system has (Windows does) lacks the functions that are asked for, and gives null for them.
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException
            or EntryPointNotFoundException or NullReferenceException)
        {
            throw new DllNotFoundException(Explain(e.InnerException ?? e), e);
        }
    }

    private static string Explain(Exception cause)
    {
        string? version = typeof(SessionOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0];
        return "Models run on ONNX Runtime, whose native library this application does not have for "
            + $"{RuntimeInformation.RuntimeIdentifier} (its managed part is {version}): {cause.Message.Split('\n')[0].TrimEnd()} "
            + "Type: dotnet add package KeypointMl.Cpu, or KeypointMl.Gpu for an NVIDIA GPU; or, for the library alone, "
            + "dotnet add package Microsoft.ML.OnnxRuntime.";
    }
}
