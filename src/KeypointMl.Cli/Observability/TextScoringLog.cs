using System.Globalization;
using KeypointMl.Data;
using KeypointMl.Scoring;
using KeypointMl.Training;

namespace KeypointMl.Cli;

/// <summary>Lines for people.</summary>
/// <param name="writer">Takes them.</param>
internal sealed class TextScoringLog(TextWriter writer) : IScoringLog
{
    public void Note(string message) => writer.WriteLine($"keypointml: {PrintableText.OfLines(message)}");

    public void Failed(PredictionRow row)
    {
        string item = row.Item.Length > 0 ? $", item {row.Item}" : "";
        string line = string.Create(CultureInfo.InvariantCulture, $"{row.Source}, frame {row.Frame}{item}: {row.Error}");
        writer.WriteLine($"keypointml: failed: {PrintableText.Of(line)}");
    }

    public void Progress(long done, long? frames, double framesPerSecond, TimeSpan? left)
    {
        string of = frames is long all ? string.Create(CultureInfo.InvariantCulture, $" of {all}") : "";
        string remaining = frames is null ? "" : $", {ProgressText.Duration(left)} left";
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done}{of} frames, {ProgressText.Number(framesPerSecond)} frames/s{remaining}"));
    }

    // The next progress line says enough.
    public void Finished(ShardRecord record)
    {
    }
}
