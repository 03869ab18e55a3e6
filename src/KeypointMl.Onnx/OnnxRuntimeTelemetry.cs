using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KeypointMl.Onnx;

/// <summary>
/// Turns off what ONNX Runtime's official builds report to their maker since 1.29 (process, machine, names and hashes
/// of models), with an identifier and a database that they leave in the user's cache folder. A value of the environment
/// variable <c>ORT_DISABLE_TELEMETRY</c> that is there already stays: <c>0</c> lets it report.
/// </summary>
internal static partial class OnnxRuntimeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    // ONNX Runtime reads the variable once, when anything first touches it.
#pragma warning disable CA2255 // Every way into an assembly that uses ONNX Runtime must come through here.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void TurnOff()
    {
        string value = Environment.GetEnvironmentVariable(Variable) ?? "1";
        Environment.SetEnvironmentVariable(Variable, value);
        // Outside Windows .NET keeps its environment to itself and its children: native code would see neither this
        // value nor one that the application set.
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _ = SetEnvironment(Variable, value, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
