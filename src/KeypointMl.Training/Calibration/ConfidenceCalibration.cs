using System.Text.Json;
using System.Text.Json.Nodes;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Calibration;

/// <summary>
/// How a run's confidences become probabilities: the chance that a keypoint lies within
/// <see cref="ConfidenceQuality.WithinPercent"/> % of the frame's size of its true place. A run keeps it as
/// <c>confidence.json</c>; evaluation and export apply it.
/// </summary>
public sealed record ConfidenceCalibration
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>What it was fitted to: <c>unlabelled</c>, where looks at a frame were compared with each other, or <c>labels</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Which frames those were.</summary>
    public required string From { get; init; }

    /// <summary>How many.</summary>
    public required int Frames { get; init; }

    /// <summary>The keypoints' curves, by name.</summary>
    public required IReadOnlyDictionary<string, ConfidenceCurve> Curves { get; init; }

    /// <summary>The step of the run's training whose networks it is for; null where an earlier version wrote it.</summary>
    public long? Step { get; init; }

    /// <summary>Whether it was fitted to the labelled frames that the run is measured on, which then say nothing of it.</summary>
    public bool SawTest { get; init; }

    /// <summary>How near counts as right, in percent of the frame's size.</summary>
    public double WithinPercent { get; init; } = ConfidenceQuality.WithinPercent;

    /// <summary>That of a run; null where it has none.</summary>
    /// <exception cref="InvalidDataException">The file is something else, or of other keypoints.</exception>
    public static ConfidenceCalibration? Of(RunFolder run, Skeleton skeleton)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(skeleton);
        if (!File.Exists(run.ConfidencePath))
            return null;
        try
        {
            using JsonDocument document = JsonFile.Read(run.ConfidencePath);
            ConfidenceCalibration calibration = document.Deserialize<ConfidenceCalibration>(Json) ?? throw new JsonException("It is null.");
            if (!calibration.Fits(skeleton))
                throw new InvalidDataException("It has not a curve of finite numbers for each of the run's keypoints.");
            run.RequireStep(calibration.Step);
            return calibration;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"'{run.ConfidencePath}' is no calibration of this run's confidences: {exception.Message} "
                + $"Make it again: keypointml calibrate --run {ShellWords.Quote(run.Path)}", exception);
        }
    }

    /// <summary>Writes it into a run.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        AtomicFile.WriteAllText(run.ConfidencePath, JsonSerializer.Serialize(this, Json) + "\n");
    }

    /// <summary>What a model's provenance says of it: all but the curves, which are in the graph.</summary>
    internal JsonObject Notes()
    {
        var notes = new JsonObject { ["within_percent"] = WithinPercent, ["source"] = Source, ["from"] = From, ["frames"] = Frames };
        if (SawTest)
            notes["saw_test"] = true;
        return notes;
    }

    /// <summary>The module that applies it.</summary>
    internal ConfidenceCalibrator Calibrator(Skeleton skeleton) => new([.. skeleton.Keypoints.Select(name => Curves[name])]);

    private bool Fits(Skeleton skeleton) =>
        skeleton.Keypoints.All(name => Curves.TryGetValue(name, out ConfidenceCurve curve) && double.IsFinite(curve.Intercept)
            && double.IsFinite(curve.Slope));
}

/// <summary>The probability of being right as σ(Intercept + Slope·u), u = ln(−ln confidence).</summary>
/// <param name="Intercept">a.</param>
/// <param name="Slope">b, at most 0.</param>
public readonly record struct ConfidenceCurve(double Intercept, double Slope);
