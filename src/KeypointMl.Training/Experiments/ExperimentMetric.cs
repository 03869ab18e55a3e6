using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace KeypointMl.Training.Experiments;

/// <summary>
/// A number of <c>metrics.json</c>, by its path with slashes: <c>error_percent_of_image</c>, <c>pck/0.1</c>,
/// <c>per_group/walking</c>, <c>baselines/mean_pose</c>.
/// </summary>
public sealed record ExperimentMetric
{
    private static readonly FrozenDictionary<string, string> Units = new Dictionary<string, string>
    {
        ["error_percent_of_image"] = "% of image",
        ["flip_min_error_percent"] = "% of image, left and right exchanged where that is nearer",
        ["flip_resolved_error_percent"] = "% of image, left and right told by the offline η",
        ["nme_percent"] = "NME %",
        ["nme_area"] = "area under the curve of NME to 8 %",
        ["nme_failure_rate"] = "share of frames with an NME beyond 8 %",
        ["source_error_px"] = "px of the original crop",
        ["correctly_oriented"] = "share of frames",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Families = new Dictionary<string, string>
    {
        ["pck"] = "share of keypoints",
        ["pck_area"] = "area under the curve of PCK",
        ["per_group"] = "% of image",
        ["per_group_flip_min"] = "% of image",
        ["per_group_correctly_oriented"] = "share of frames",
        ["per_keypoint"] = "% of image",
        ["per_keypoint_group"] = "% of image",
        ["baselines"] = "% of image",
    }.ToFrozenDictionary();

    private ExperimentMetric(string path, string unit) => (Path, Unit) = (path, unit);

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>What it is in, for people.</summary>
    public string Unit { get; }

    /// <summary>Whether more is better.</summary>
    public bool MoreIsBetter => Path.StartsWith("pck", StringComparison.Ordinal)
        || Path.Contains("correctly_oriented", StringComparison.Ordinal) || Path == "nme_area";

    /// <summary>The metric of that path, or null where <c>metrics.json</c> has no such number.</summary>
    public static ExperimentMetric? Find(string path)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 ? Units : Families).TryGetValue(slash < 0 ? path : path[..slash], out string? unit)
            && slash != path.Length - 1 ? new ExperimentMetric(path, unit) : null;
    }

    /// <summary>What the paths may begin with, for messages.</summary>
    internal static IEnumerable<string> Known => Units.Keys.Order(StringComparer.Ordinal)
        .Concat(Families.Keys.Order(StringComparer.Ordinal).Select(name => name + "/…"));

    /// <summary>Its value in a <c>metrics.json</c>, or null where it was not measured.</summary>
    internal double? In(JsonNode? metrics)
    {
        int slash = Path.IndexOf('/', StringComparison.Ordinal);
        JsonNode? node = slash < 0 ? metrics?[Path] : metrics?[Path[..slash]]?[Path[(slash + 1)..]];
        return node?.GetValue<double>();
    }
}
