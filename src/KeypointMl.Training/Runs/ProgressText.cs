using System.Globalization;

namespace KeypointMl.Training.Runs;

/// <summary>How progress is worded, the same on a terminal and in a log.</summary>
internal static class ProgressText
{
    /// <summary>A phase's name for people.</summary>
    public static string PhaseName(TrainingPhase phase) => phase switch
    {
        TrainingPhase.RegressorPretraining => "pre-training η",
        TrainingPhase.Articulation => "articulation",
        _ => "training",
    };

    /// <summary><c>reconstruction 0.84  adversarial 0.31</c>.</summary>
    public static string Losses(IReadOnlyList<KeyValuePair<string, double>> losses) =>
        string.Join("  ", losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {Number(loss.Value)}")));

    /// <summary><c>51.6 images/s  2:05 left</c>; steps per second where a phase sees no images.</summary>
    public static string Pace(PaceMeter pace) =>
        $"{(pace.ImagesPerSecond > 0 ? $"{Number(pace.ImagesPerSecond)} images/s" : $"{Number(pace.StepsPerSecond)} steps/s")}  {Duration(pace.Remaining)} left";

    /// <summary>Three significant digits.</summary>
    public static string Number(double value)
    {
        string format = Math.Abs(value) switch
        {
            0 => "F0",
            < 1e-3 => "0.00E+0",
            < 1 => "F3",
            < 10 => "F2",
            < 100 => "F1",
            < 1e6 => "F0",
            _ => "0.00E+0",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary><c>1:02:05</c> or <c>2:05</c>; a dash where it is not known.</summary>
    public static string Duration(TimeSpan? duration)
    {
        if (duration is not { } time)
            return "–";
        return time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:D2}");
    }
}
