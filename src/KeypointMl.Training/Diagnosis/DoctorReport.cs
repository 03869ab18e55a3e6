using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Diagnosis;

/// <summary>What <see cref="Doctor"/> found on this machine.</summary>
internal sealed record DoctorReport
{
    /// <summary>The processor.</summary>
    public required Processor Processor { get; init; }

    /// <summary>How many processors this process may use.</summary>
    public required int Processors { get; init; }

    /// <summary>The threads that training computes with.</summary>
    public required int Threads { get; init; }

    /// <summary>The memory that this process may use, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Versions by name: of this program, .NET, the system, TorchSharp, libtorch, ONNX Runtime.</summary>
    public required ImmutableSortedDictionary<string, string> Versions { get; init; }

    /// <summary>Whether convolutions and their gradients are right, in the way in which they will be computed.</summary>
    public required bool NumericsPassed { get; init; }

    /// <summary><c>default</c>, or what is done instead; null where nothing is right.</summary>
    public required string? NumericsChosen { get; init; }

    /// <summary>What was checked, in a line.</summary>
    public required string NumericsDetail { get; init; }

    /// <summary>Where training can compute: <c>cpu</c>, <c>cuda:0</c>…</summary>
    public required ImmutableArray<string> TrainingDevices { get; init; }

    /// <summary>Where detectors can run: <c>cpu</c>, <c>cuda</c>, <c>tensorrt</c>.</summary>
    public required ImmutableArray<string> InferenceDevices { get; init; }

    /// <summary>The ffmpeg that reads videos, or null.</summary>
    public required string? Ffmpeg { get; init; }

    /// <summary>What does not work.</summary>
    public required ImmutableArray<Finding> Problems { get; init; }

    /// <summary>What works, but could be faster.</summary>
    public required ImmutableArray<Finding> Advice { get; init; }

    /// <summary>Whether all is well.</summary>
    public bool IsWell => Problems.IsEmpty;

    /// <summary>The report as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["processor"] = new JsonObject
        {
            ["name"] = Processor.Name,
            ["family"] = Processor.Family,
            ["model"] = Processor.Model,
            ["stepping"] = Processor.Stepping,
            ["instruction_sets"] = Strings(Processor.InstructionSets),
            ["processors"] = Processors,
            ["threads"] = Threads,
            ["memory_bytes"] = MemoryBytes,
        },
        ["versions"] = new JsonObject(Versions.Select(version => KeyValuePair.Create<string, JsonNode?>(version.Key, version.Value))),
        ["numerics"] = new JsonObject { ["passed"] = NumericsPassed, ["chosen"] = NumericsChosen, ["detail"] = NumericsDetail },
        ["training_devices"] = Strings(TrainingDevices),
        ["inference_devices"] = Strings(InferenceDevices),
        ["ffmpeg"] = Ffmpeg,
        ["problems"] = Findings(Problems),
        ["advice"] = Findings(Advice),
    };

    /// <summary>Writes it for a person.</summary>
    public void Write(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Line("processor", Processor.ToString());
        Line("threads", string.Create(CultureInfo.InvariantCulture, $"{Threads} for training, of {Processors} processors"));
        Line("memory", string.Create(CultureInfo.InvariantCulture, $"{MemoryBytes / (double)(1L << 30):F1} GiB"));
        foreach ((string name, string version) in Versions)
            Line(name, version);
        Line("numerics", NumericsDetail);
        Line("training", TrainingDevices.IsEmpty ? "does not work" : string.Join(", ", TrainingDevices));
        Line("inference", InferenceDevices.IsEmpty ? "does not work" : string.Join(", ", InferenceDevices));
        Line("ffmpeg", Ffmpeg ?? "not found");
        foreach (Finding finding in Advice)
            output.WriteLine($"\nCould be faster: {finding.What}\n  {finding.Do}");
        foreach (Finding finding in Problems)
            output.WriteLine($"\nDoes not work: {finding.What}\n  {finding.Do}");
        output.WriteLine(IsWell ? "\nAll well." : "");

        void Line(string what, string value) => output.WriteLine($"{what,-14}{value}");
    }

    private static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => JsonValue.Create(value))];

    private static JsonArray Findings(ImmutableArray<Finding> findings) => [.. findings.Select(finding => new JsonObject
    {
        ["what"] = finding.What,
        ["do"] = finding.Do,
    })];
}

/// <summary>Something that a person should know about the machine.</summary>
/// <param name="What">What it is.</param>
/// <param name="Do">What to do about it.</param>
internal sealed record Finding(string What, string Do);
