using System.Text.Json;
using System.Text.Json.Nodes;
using KeypointMl.Inference.Contracts;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Export;

/// <summary>
/// The JSON of <c>keypointml.provenance</c>: recipe and its hash, data, seed, steps, versions, measured error,
/// precision and what it costs, and the export's own check.
/// </summary>
internal static class Provenance
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string ToJson(RunFolder run, CheckpointFile checkpoint, ProvenanceNotes notes, bool postprocessed)
    {
        Recipe recipe = run.Recipe;
        string measured = postprocessed ? run.PostprocessedMetricsPath : run.MetricsPath;
        var provenance = new JsonObject
        {
            ["recipe"] = recipe.Name,
            ["recipe_sha256"] = recipe.Hash,
            ["method"] = recipe.Method.Name,
            ["data"] = recipe.Data.Manifest,
            ["seed"] = recipe.Seed,
            ["steps"] = checkpoint.Step,
            ["versions"] = Versions(),
            ["environment"] = JsonSerializer.SerializeToNode(
                TrainingEnvironment.In(File.Exists(run.LogPath) ? TrainingLog.Read(run.LogPath) : []), Json),
            ["measured"] = RunReport.ReadMetrics(measured),
            ["precision"] = ExportPrecisions.WordOf(notes.Precision),
            ["export_check"] = new JsonObject
            {
                ["largest_difference"] = notes.Parity.LargestDifference,
                ["unit"] = notes.Parity.Unit,
                ["frames"] = notes.Parity.Frames,
                ["checked_on"] = notes.Parity.CheckedOn,
            },
        };
        if (recipe.Method == TrainingMethod.Distillation && recipe.Student.Teacher is { } teacher)
            provenance["teacher"] = teacher;
        if (notes.Renderer is { } renderer)
            provenance[GeneratorRenderer.Key] = renderer.ToJson();
        if (notes.Calibration is not null)
            provenance["calibration"] = notes.Calibration;
        if (notes.Confidence is not null)
            provenance["confidence"] = notes.Confidence;
        if (notes.Cost is { } cost)
        {
            provenance["precision_cost"] = new JsonObject
            {
                ["protocol"] = cost.Protocol,
                ["frames"] = cost.Frames,
                ["fp32_error_percent_of_image"] = cost.Float32Error,
                ["error_percent_of_image"] = cost.Error,
            };
        }
        if (postprocessed)
        {
            provenance["postprocessing"] = new JsonObject(LinearPostprocessor.ReadNotes(run.PostprocessingPath)
                .Select(note => KeyValuePair.Create<string, JsonNode?>(note.Key, note.Value)));
        }
        return provenance.ToJsonString();
    }

    /// <summary>What computes here: ours, TorchSharp's and libtorch's version.</summary>
    public static JsonObject Versions() => new()
    {
        ["keypointml"] = VersionOf(typeof(Provenance)),
        ["torchsharp"] = VersionOf(typeof(TorchSharp.torch)),
        ["libtorch"] = TorchSharp.torch.__version__,
    };

    /// <summary>The version of the assembly that has the type.</summary>
    public static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}

/// <summary>What an export adds to the provenance of its model.</summary>
internal sealed record ProvenanceNotes
{
    public ExportPrecision Precision { get; init; }

    public ExportDifference Parity { get; init; } = new(0, 0, "", "");

    /// <summary>How β draws; null in a detector, which has none.</summary>
    public GeneratorRenderer? Renderer { get; init; }

    /// <summary>How 8-bit ranges were measured; null in floats.</summary>
    public JsonObject? Calibration { get; init; }

    /// <summary>How confidences were calibrated; null where they were not.</summary>
    public JsonObject? Confidence { get; init; }

    /// <summary>What the precision costs on labelled frames; null where it was not measured.</summary>
    public PrecisionCost? Cost { get; init; }
}
