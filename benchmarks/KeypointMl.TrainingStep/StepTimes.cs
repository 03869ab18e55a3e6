using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace KeypointMl.TrainingStep;

/// <summary>What was timed, and what came out.</summary>
internal sealed record StepTimes
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary><c>training</c> or <c>pretraining</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Pairs of frames, or poses, in a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Of the frames, in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>How many each network has.</summary>
    public required IReadOnlyDictionary<string, long> Parameters { get; init; }

    /// <summary>Each step's.</summary>
    public required IReadOnlyList<double> Seconds { get; init; }

    /// <summary>The median of <see cref="Seconds"/>.</summary>
    public double Median => (Seconds.Order().ElementAt((Seconds.Count - 1) / 2) + Seconds.Order().ElementAt(Seconds.Count / 2)) / 2;

    /// <summary>libtorch's.</summary>
    public int Threads { get; } = get_num_threads();

    /// <summary>What computed.</summary>
    public string Versions { get; } =
        $"TorchSharp {typeof(Tensor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}, libtorch {__version__}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>For a person.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Phase}, batch {Batch}, {Size}×{Size} pixels, {Threads} threads; {Versions}
        parameters: {string.Join(", ", Parameters.Select(network => $"{network.Key} {network.Value}"))}
        seconds: {string.Join(' ', Seconds.Select(value => value.ToString("F4", CultureInfo.InvariantCulture)))}
        median {Median:F4}, from {Seconds.Min():F4} to {Seconds.Max():F4}
        """);
}
