using System.Text.Json.Nodes;

namespace KeypointMl.Training;

/// <summary>The JSON of <c>keypointml.provenance</c>: recipe and its hash, data, seed, steps, versions, measured error, and the export's own check.</summary>
internal static class Provenance
{
    public static string ToJson(RunFolder run, CheckpointFile checkpoint, Parity parity)
    {
        Recipe recipe = run.Recipe;
        var provenance = new JsonObject
        {
            ["recipe"] = recipe.Name,
            ["recipe_sha256"] = recipe.Hash,
            ["method"] = recipe.Method == TrainingMethod.Supervised ? "supervised" : "keypoint-gan",
            ["data"] = recipe.Data.Manifest,
            ["seed"] = recipe.Seed,
            ["steps"] = checkpoint.Step,
            ["versions"] = new JsonObject
            {
                ["keypointml"] = VersionOf(typeof(Provenance)),
                ["torchsharp"] = VersionOf(typeof(TorchSharp.torch)),
                ["libtorch"] = TorchSharp.torch.__version__,
            },
            ["measured"] = File.Exists(run.MetricsPath) ? JsonNode.Parse(File.ReadAllText(run.MetricsPath)) : null,
            ["export_check"] = new JsonObject
            {
                ["largest_difference"] = parity.LargestDifference,
                ["unit"] = parity.Unit,
                ["frames"] = parity.Frames,
                ["checked_on"] = parity.CheckedOn,
            },
        };
        return provenance.ToJsonString();
    }

    private static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
