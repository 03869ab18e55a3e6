using System.Globalization;
using KeypointMl.Poses;

namespace KeypointMl.Cli;

/// <summary>Prints metrics for people: what was measured, the errors beside the baselines, then where the error is.</summary>
internal static class MetricsText
{
    public static void Write(KeypointMetrics metrics, TextWriter writer)
    {
        writer.WriteLine(Invariant($"{metrics.Frames} frames; {metrics.Protocol}"));
        double? mean = metrics.Baselines.GetValueOrDefault("mean_pose")?.ErrorPercentOfImage;
        writer.WriteLine(Invariant($"  {"",-24}{"% of image",12}{(metrics.NmePercent is null ? "" : "NME %"),10}{(mean is null ? "" : "× mean pose"),14}"));
        Row("detector", metrics.ErrorPercentOfImage, metrics.NmePercent);
        foreach ((string name, BaselineMetrics baseline) in metrics.Baselines)
            Row(name.Replace('_', ' '), baseline.ErrorPercentOfImage, baseline.NmePercent);
        writer.WriteLine(Invariant($"  left and right exchanged where that is nearer: {metrics.FlipMinErrorPercent:F2} % of image; nearer as they are: {100 * metrics.CorrectlyOriented:F1} % of the frames"));
        writer.WriteLine(Invariant($"  within {string.Join(", ", metrics.Pck.Select(entry => Invariant($"{entry.Key} of the image: {100 * entry.Value:F1} %")))} of the keypoints"));
        if (metrics.NmePercent is not null && metrics.NmeFrames < metrics.Frames)
            writer.WriteLine(Invariant($"  NME over {metrics.NmeFrames} frames; in the others a keypoint that it is normalised by is not labelled"));
        Section("by part, % of image", metrics.PerKeypointGroup);
        Section("by group of frames, % of image", metrics.PerGroup);
        Section("predictions that are not finite", metrics.NonFinitePredictions.ToDictionary(entry => entry.Key, entry => (double)entry.Value));

        void Row(string name, double error, double? nme) =>
            writer.WriteLine(Invariant($"  {name,-24}{error,12:F2}{(nme is null ? "" : Invariant($"{nme:F2}")),10}{(mean is > 0 ? Invariant($"{error / mean:F2}") : ""),14}"));

        void Section(string title, IReadOnlyDictionary<string, double> values)
        {
            if (values.Count > 0)
                writer.WriteLine($"  {title}: {string.Join(", ", values.Select(entry => Invariant($"{entry.Key} {entry.Value:0.##}")))}");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
