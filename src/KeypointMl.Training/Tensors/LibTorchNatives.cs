using System.Reflection;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>
/// libtorch's native libraries, asked for before anything else is asked of TorchSharp: a user learns from a type
/// initialiser's exception only that something is wrong.
/// </summary>
internal static class LibTorchNatives
{
    private static volatile bool found;

    /// <summary>Loads the libraries where that was not done yet.</summary>
    /// <exception cref="DllNotFoundException">They are missing or cannot be loaded; the message says what to type.</exception>
    public static void Require()
    {
        if (!found)
            Load();
    }

    private static void Load()
    {
        TextWriter output = Console.Out;
        // TorchSharp prints where it looked in vain, and standard output is for results.
        bool isHidden = !NativeLibrary.TryLoad("LibTorchSharp", typeof(TorchSharp.torch).Assembly, null, out _);
        if (isHidden)
            Console.SetOut(TextWriter.Null);
        try
        {
            _ = get_num_threads();
            found = true;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException
            or EntryPointNotFoundException or NotSupportedException)
        {
            throw new DllNotFoundException(Explain(e.GetBaseException()), e);
        }
        finally
        {
            if (isHidden)
                Console.SetOut(output);
        }
    }

    private static string Explain(Exception cause)
    {
        string? version = typeof(TorchSharp.torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0];
        string firstLine = cause.Message.Split('\n')[0].Trim();
        return $"Training runs on libtorch, which this application does not have for {RuntimeInformation.RuntimeIdentifier}, or which "
            + $"cannot be loaded here (TorchSharp is {version}): {firstLine}{(firstLine.EndsWith('.') ? "" : ".")} "
            + "Type: dotnet add package libtorch-cpu-linux-x64, or -win-x64 or -osx-arm64, of the version that this TorchSharp wants; "
            + "or TorchSharp-cuda-linux or -windows for an NVIDIA GPU (docs/platforms.md).";
    }
}
