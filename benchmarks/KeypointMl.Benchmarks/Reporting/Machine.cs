using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Benchmarks;

/// <summary>Says what a measurement ran on.</summary>
internal static class Machine
{
    private static readonly string[] IntegerExtensions = ["avx2", "avx_vnni", "avx512bw", "avx512_vnni", "amx_int8", "asimddp", "i8mm"];

    /// <summary>Processor, system and versions, as Markdown.</summary>
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Processor()}, {Environment.ProcessorCount} logical processors, {Extensions()}; {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription},
        ONNX Runtime {VersionOf<InferenceSession>()}, ML.NET {VersionOf<MLContext>()}, KeypointMl {VersionOf<KeypointMl.Inference.Detection.KeypointDetector>()}; {DateTime.UtcNow:yyyy-MM-dd}.
        """);

    /// <summary>The version of the package that a type comes from.</summary>
    public static string VersionOf<T>() =>
        typeof(T).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static string Processor() => CpuInfo("model name") ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    // Which integer kernels ONNX Runtime has to choose from.
    private static string Extensions()
    {
        string[] flags = (CpuInfo("flags") ?? CpuInfo("Features"))?.Split(' ') ?? [];
        string[] found = [.. IntegerExtensions.Where(flags.Contains)];
        return found.Length > 0 ? string.Join(", ", found) : "instruction sets not known";
    }

    private static string? CpuInfo(string key)
    {
        const string Linux = "/proc/cpuinfo";
        return File.Exists(Linux)
            ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
    }
}
