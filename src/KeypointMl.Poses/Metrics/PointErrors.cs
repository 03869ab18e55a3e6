using System.Globalization;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Metrics;

/// <summary>What is told of single points: PCK, the area under its curve, and the table of keypoints.</summary>
/// <param name="frames">The run's frames; at least one.</param>
/// <param name="imageSize">100 % of the image, in pixels.</param>
internal sealed class PointErrors(IReadOnlyList<FrameErrors> frames, double imageSize)
{
    internal static readonly double[] PckThresholds = [0.05, 0.1];

    /// <summary>The share of points within each threshold.</summary>
    public Dictionary<string, double> Pck() => Pck([.. Distances()]);

    /// <summary>The area under the curve of PCK up to the largest threshold.</summary>
    public Dictionary<string, double> Area() => new()
    {
        [Key(PckThresholds[^1])] = ErrorCurve.Area(Distances(), PckThresholds[^1] * imageSize),
    };

    /// <summary>The table of keypoints, by name; without those that are never labelled.</summary>
    public Dictionary<string, KeypointRow> Table(Skeleton skeleton) => frames
        .SelectMany(frame => frame.Points).GroupBy(point => point.Keypoint, point => point.Distance).OrderBy(group => group.Key)
        .ToDictionary(group => skeleton.Keypoints[group.Key], group => Row([.. group.Order()]));

    private KeypointRow Row(
        double[] sorted) =>
        new(sorted.Length, Percent(sorted.Average()), Percent((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2),
            Pck(sorted));

    private Dictionary<string, double> Pck(double[] distances) =>
        PckThresholds.ToDictionary(
            Key, threshold => (double)distances.Count(distance => distance <= threshold * imageSize) / distances.Length);

    private IEnumerable<double> Distances() => frames.SelectMany(frame => frame.Points).Select(point => point.Distance);

    private double Percent(double pixels) => pixels / imageSize * 100;

    private static string Key(double threshold) => threshold.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// The curve of the share of errors within t, from t = 0 to a largest t, and the area under it over that range. The
/// integral is exact: each error e adds max(0, 1 − e/t).
/// </summary>
internal static class ErrorCurve
{
    /// <summary>The area, 0 to 1.</summary>
    public static double Area(IEnumerable<double> errors, double largest) => errors.Average(error => Math.Max(0, 1 - error / largest));

    /// <summary>The share of errors beyond the largest.</summary>
    public static double FailureRate(IEnumerable<double> errors, double largest) => errors.Average(error => error > largest ? 1.0 : 0);
}
