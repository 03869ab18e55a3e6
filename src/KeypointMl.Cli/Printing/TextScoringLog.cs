using System.Globalization;
using KeypointMl.Imaging.Files;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Printing;

/// <summary>Lines for people.</summary>
/// <param name="writer">Takes them.</param>
internal sealed class TextScoringLog(TextWriter writer) : IScoringLog
{
    public void Note(string message) => writer.WriteLine($"{CommandLine.Name}: {PrintableText.OfLines(message)}");

    public void Failed(PredictionRow row)
    {
        string item = row.Item.Length > 0 ? $", item {row.Item}" : "";
        string line = string.Create(CultureInfo.InvariantCulture, $"{row.Source}, frame {row.Frame}{item}: {row.Error}");
        writer.WriteLine($"{CommandLine.Name}: failed: {PrintableText.Of(line)}");
    }

    public void Progress(long done, long? frames, double framesPerSecond, TimeSpan? left)
    {
        string of = frames is long all ? string.Create(CultureInfo.InvariantCulture, $" of {all}") : "";
        string remaining = frames is null ? "" : $", {ProgressText.Duration(left)} left";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done}{of} frames, {ProgressText.Number(framesPerSecond)} frames/s{remaining}"));
    }

    // The next progress line says enough.
    public void Finished(ShardRecord record)
    {
    }
}

/// <summary>Writes down what happens while scoring.</summary>
internal interface IScoringLog
{
    /// <summary>What a person should know beside the results.</summary>
    void Note(string message);

    /// <summary>An input failed.</summary>
    void Failed(PredictionRow row);

    /// <summary>How far it is.</summary>
    /// <param name="done">Frames taken in.</param>
    /// <param name="frames">Frames there are; null where that is not known.</param>
    /// <param name="framesPerSecond">How fast it was lately.</param>
    /// <param name="left">How long it still takes; null where that is not known.</param>
    void Progress(long done, long? frames, double framesPerSecond, TimeSpan? left);

    /// <summary>A shard is finished.</summary>
    void Finished(ShardRecord record);
}
