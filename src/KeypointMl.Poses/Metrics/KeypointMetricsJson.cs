using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KeypointMl.Poses.Metrics;

/// <summary>Writes <see cref="KeypointMetrics"/> as <c>metrics.json</c>.</summary>
public static class KeypointMetricsJson
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    /// <summary>
    /// The metrics as a JSON object: <c>error_percent_of_image</c>, <c>nme_percent</c> (or null), <c>pck</c>,
    /// <c>per_group</c>, <c>flip_min_error_percent</c>, <c>frames</c>, <c>baselines</c> (error in percent of the image
    /// by name), and beside them what else the record holds. Numbers have at most 4 decimals.
    /// </summary>
    public static JsonObject ToJsonObject(KeypointMetrics metrics) => new()
    {
        ["error_percent_of_image"] = Number(metrics.ErrorPercentOfImage),
        ["nme_percent"] = Number(metrics.NmePercent),
        ["pck"] = Numbers(metrics.Pck),
        ["per_group"] = Numbers(metrics.PerGroup),
        ["flip_min_error_percent"] = Number(metrics.FlipMinErrorPercent),
        ["frames"] = metrics.Frames,
        ["baselines"] = Numbers(metrics.Baselines.ToDictionary(entry => entry.Key, entry => entry.Value.ErrorPercentOfImage)),
        ["protocol"] = metrics.Protocol,
        ["nme_frames"] = metrics.NmeFrames,
        ["correctly_oriented"] = Number(metrics.CorrectlyOriented),
        ["per_keypoint"] = Numbers(metrics.PerKeypoint),
        ["per_keypoint_group"] = Numbers(metrics.PerKeypointGroup),
        ["baseline_details"] = new JsonObject(
            metrics.Baselines.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, new JsonObject
            {
                ["nme_percent"] = Number(entry.Value.NmePercent),
                ["per_keypoint_group"] = Numbers(entry.Value.PerKeypointGroup),
            }))),
        ["source_error_px"] = Number(metrics.SourceError),
        ["flip_resolved_error_percent"] = Number(metrics.FlipResolvedErrorPercent),
        ["pck_area"] = Numbers(metrics.PckArea),
        ["nme_area"] = Number(metrics.NmeArea),
        ["nme_failure_rate"] = Number(metrics.NmeFailureRate),
        ["per_group_flip_min"] = Numbers(metrics.PerGroupFlipMin),
        ["per_group_correctly_oriented"] = Numbers(metrics.PerGroupOriented),
        ["keypoint_table"] = new JsonObject(
            metrics.KeypointTable.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, Row(entry.Value)))),
        ["confidence"] = metrics.Confidence is { } confidence ? Confidence(confidence) : null,
        ["confidence_intervals"] = metrics.ConfidenceIntervals is { } intervals ? Intervals(intervals) : null,
        ["non_finite_predictions"] = new JsonObject(
            metrics.NonFinitePredictions.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value))),
    };

    /// <summary>The same as indented text that ends in a newline.</summary>
    public static string ToJson(KeypointMetrics metrics) => ToJsonObject(metrics).ToJsonString(Indented) + "\n";

    private static JsonObject Row(KeypointRow row) => new()
    {
        ["frames"] = row.Frames,
        ["error_percent_of_image"] = Number(row.ErrorPercentOfImage),
        ["median_percent_of_image"] = Number(row.MedianPercentOfImage),
        ["pck"] = Numbers(row.Pck),
    };

    private static JsonObject Confidence(ConfidenceQuality confidence) => new()
    {
        ["rank_correlation"] = Number(confidence.RankCorrelation),
        ["ece"] = Number(confidence.ExpectedCalibrationError),
        ["risk_coverage"] = Curve(confidence.RiskCoverage),
        ["keypoint_risk_coverage"] = Curve(confidence.KeypointRiskCoverage),
        ["within_percent"] = ConfidenceQuality.WithinPercent,
        ["reliability"] = new JsonArray(
            [.. confidence.Reliability.Select(bin => new JsonArray(Number(bin.Confidence), Number(bin.Right), bin.Keypoints))]),
    };

    private static JsonArray Curve(IReadOnlyList<RiskAtCoverage> curve) =>
        new([.. curve.Select(point => new JsonArray(Number(point.Coverage), Number(point.ErrorPercentOfImage)))]);

    private static JsonObject Intervals(ConfidenceIntervals intervals)
    {
        var json = new JsonObject
        {
            ["level"] = Number(intervals.Level),
            ["resamples"] = intervals.Resamples,
            ["seed"] = intervals.Seed,
            ["clusters"] = intervals.Clusters,
        };
        foreach ((string metric, (double low, double high)) in intervals.Intervals)
            json[metric] = new JsonArray(Number(low), Number(high));
        return json;
    }

    private static JsonObject Numbers(IReadOnlyDictionary<string, double> values) =>
        new(values.Select(entry => KeyValuePair.Create(entry.Key, Number(entry.Value))));

    // Through decimal text, so that 6.1 is written 6.1 and not 6.0999999999999996.
    private static JsonNode? Number(double? value) =>
        value is double number && double.IsFinite(number)
        ? JsonValue.Create(decimal.Parse(number.ToString("0.####", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
        : null;
}
