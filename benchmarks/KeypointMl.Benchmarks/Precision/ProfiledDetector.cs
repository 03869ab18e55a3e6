using System.Text.Json;
using System.Text.RegularExpressions;
using KeypointMl.Onnx.Model;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Benchmarks;

/// <summary>A detector on one thread whose every node is timed by ONNX Runtime's profiler.</summary>
internal sealed partial class ProfiledDetector : IDisposable
{
    private const string KernelTime = "_kernel_time";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("keypointml-profile-");
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly OrtValue images;

    /// <summary>Loads a detector for single images of a size.</summary>
    public ProfiledDetector(OnnxModel model, int size)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            EnableProfiling = true,
            ProfileOutputPathPrefix = Path.Combine(folder.FullName, "run"),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session = new InferenceSession(model.ToArray(), options);
        var pixels = new byte[size * size * 3];
        new Random(1).NextBytes(pixels);
        images = OrtValue.CreateTensorValueFromMemory(pixels, [1, size, size, 3]);
    }

    /// <summary>Runs once.</summary>
    public void Run() => session.Run(options, ["image"], [images], ["keypoints"]).Dispose();

    /// <summary>Ends the measurement.</summary>
    /// <returns>
    /// The microseconds of each convolution by its name in the model, in the tenth run of a hundred: slower ones were
    /// disturbed.
    /// </returns>
    public Dictionary<string, double> Convolutions()
    {
        using JsonDocument profile = JsonDocument.Parse(File.ReadAllBytes(session.EndProfiling()));
        return profile.RootElement.EnumerateArray()
            .Where(entry => entry.GetProperty("cat").GetString() == "Node"
                && entry.GetProperty("name").GetString()!.EndsWith(KernelTime, StringComparison.Ordinal))
            .Where(entry => entry.GetProperty("args").GetProperty("op_name").GetString() is "Conv" or "FusedConv" or "QLinearConv")
            .GroupBy(entry => Suffixes().Replace(entry.GetProperty("name").GetString()![..^KernelTime.Length], ""), entry =>
                entry.GetProperty("dur").GetDouble())
            .ToDictionary(group => group.Key, group => group.Order().ElementAt(group.Count() / 10));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        images.Dispose();
        options.Dispose();
        session.Dispose();
        folder.Delete(recursive: true);
    }

    // ONNX Runtime's optimisers name what they fuse and move after the node behind and a number.
    [GeneratedRegex(@"(\.relu)?(_nchwc)?(_token_\d+)?$")]
    private static partial Regex Suffixes();
}
