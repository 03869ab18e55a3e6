using System.Globalization;
using KeypointMl.Training;

namespace KeypointMl.Cli;

/// <summary>Prints a supervised post-processing: how it was fitted, then what it reaches.</summary>
internal static class PostprocessingText
{
    public static void Write(PostprocessingResult result, TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Supervised post-processing: a linear regressor fitted to {result.Frames} labelled frames of split '{result.Split}', ridge {result.Ridge:G3}"));
        if (result.ValidationErrors.Count > 0)
            writer.WriteLine($"  chosen by cross-validation: {string.Join(", ", result.ValidationErrors.Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Ridge:G3}: {error.ErrorPercent:F2} %")))}");
        if (result.Metrics is { } metrics)
            MetricsText.Write(metrics, writer);
    }
}
