using System.Globalization;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Postprocessing;

namespace KeypointMl.Cli.Printing;

/// <summary>Prints metrics for people: what was measured, the errors beside the baselines, then where the error is.</summary>
internal static class MetricsText
{
    public static void Write(KeypointMetrics metrics, TextWriter writer)
    {
        writer.WriteLine(Invariant($"{metrics.Frames} frames; {metrics.Protocol}"));
        double? mean = metrics.Baselines.GetValueOrDefault("mean_pose")?.ErrorPercentOfImage;
        writer.WriteLine(Invariant(
            $"  {"",-24}{"% of image",12}{(metrics.NmePercent is null ? "" : "NME %"),10}{(mean is null ? "" : "× mean pose"),14}"));
        Row("detector", metrics.ErrorPercentOfImage, metrics.NmePercent);
        foreach ((string name, BaselineMetrics baseline) in metrics.Baselines)
            Row(name.Replace('_', ' '), baseline.ErrorPercentOfImage, baseline.NmePercent);
        if (metrics.SourceError is { } source)
            writer.WriteLine(Invariant($"  in pixels of the original crop: {source:F2}"));
        writer.WriteLine(Invariant(
            $"  left and right exchanged where that is nearer: {metrics.FlipMinErrorPercent:F2} % of image; nearer as they are: {100 * metrics.CorrectlyOriented:F1} % of the frames"));
        if (metrics.FlipResolvedErrorPercent is { } resolved)
            writer.WriteLine(Invariant($"  left and right as the offline η tells them: {resolved:F2} % of image"));
        writer.WriteLine(Invariant(
            $"  within {string.Join(", ", metrics.Pck.Select(entry => Invariant($"{entry.Key} of the image: {100 * entry.Value:F1} %")))} of the keypoints; area under that curve {string.Join(", ", metrics.PckArea.Select(entry => Invariant($"to {entry.Key}: {entry.Value:F3}")))}"));
        if (metrics.NmeArea is not null)
        {
            writer.WriteLine(Invariant(
                $"  area under the curve of the NME to 8 %: {metrics.NmeArea:F3}; frames beyond 8 %: {100 * metrics.NmeFailureRate:F1} %"));
        }
        WriteConfidence(metrics, writer);
        if (metrics.ConfidenceIntervals is { } intervals)
            WriteIntervals(intervals, writer);
        if (metrics.NmePercent is not null && metrics.NmeFrames < metrics.Frames)
        {
            writer.WriteLine(Invariant(
                $"  NME over {metrics.NmeFrames} frames; in the others a keypoint that it is normalised by is not labelled"));
        }
        Section("by part, % of image", metrics.PerKeypointGroup);
        if (metrics.Baselines.GetValueOrDefault("own_mean_shape") is { } ownMeanShape)
            Section("own mean shape by part, % of image", ownMeanShape.PerKeypointGroup);
        Section("by group of frames, % of image", metrics.PerGroup);
        WriteTable(metrics.KeypointTable, writer);
        Section("predictions that are not finite",
            metrics.NonFinitePredictions.ToDictionary(entry => entry.Key, entry => (double)entry.Value));

        void Row(string name, double error, double? nme) =>
            writer.WriteLine(Invariant(
                $"  {name,-24}{error,12:F2}{(nme is null ? "" : Invariant($"{nme:F2}")),10}{(mean is > 0 ? Invariant($"{error / mean:F2}") : ""),14}"));

        void Section(string title, IReadOnlyDictionary<string, double> values)
        {
            if (values.Count > 0)
                writer.WriteLine($"  {title}: {string.Join(", ", values.Select(entry => Invariant($"{entry.Key} {entry.Value:0.##}")))}");
        }
    }

    /// <summary>One line on what the confidences are worth; none where they were not given.</summary>
    public static void WriteConfidence(KeypointMetrics metrics, TextWriter writer)
    {
        if (metrics.Confidence is not { } confidence)
            return;
        string correlation = confidence.RankCorrelation is { } rho ? Invariant($"{rho:F2}") : "none, all are equal";
        RiskAtCoverage half = confidence.RiskCoverage.First(point => point.Coverage >= 0.5);
        writer.WriteLine(Invariant(
            $"  confidence: rank correlation with −error {correlation}; expected calibration error {confidence.ExpectedCalibrationError:F3} (right: within {ConfidenceQuality.WithinPercent:0} % of the image); the surest half of the frames {half.ErrorPercentOfImage:F2} %"));
    }

    private static void WriteIntervals(ConfidenceIntervals intervals, TextWriter writer) => writer.WriteLine(Invariant(
        $"  {100 * intervals.Level:0} % intervals ({intervals.Resamples} resamples of {intervals.Clusters} clips, seed {intervals.Seed}): {string.Join(", ", intervals.Intervals.Select(entry => Invariant($"{entry.Key} {entry.Value.Low:0.###}–{entry.Value.High:0.###}")))}"));

    private static void WriteTable(IReadOnlyDictionary<string, KeypointRow> table, TextWriter writer)
    {
        writer.WriteLine(Invariant($"  {"keypoint",-24}{"% of image",12}{"median",10}{"PCK@0.05",12}{"PCK@0.1",10}{"frames",10}"));
        foreach ((string name, KeypointRow row) in table)
        {
            writer.WriteLine(Invariant(
                $"  {name,-24}{row.ErrorPercentOfImage,12:F2}{row.MedianPercentOfImage,10:F2}{row.Pck["0.05"],12:F3}{row.Pck["0.1"],10:F3}{row.Frames,10}"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Prints a supervised post-processing: how it was fitted, then what it reaches.</summary>
internal static class PostprocessingText
{
    public static void Write(PostprocessingResult result, TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Supervised post-processing: a linear regressor fitted to {result.Frames} labelled frames of split "
            + $"'{result.Split}' of {result.Dataset}, ridge {result.Ridge:G3}"));
        if (result.ValidationErrors.Count > 0)
        {
            writer.WriteLine("  chosen by cross-validation: "
                + $"{string.Join(", ", result.ValidationErrors.Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Ridge:G3}: {error.ErrorPercent:F2} %")))}");
        }
        if (result.SawTest)
            writer.WriteLine("  not measured: the test frames are those that it was fitted to");
        if (result.Metrics is { } metrics)
            MetricsText.Write(metrics, writer);
    }
}
