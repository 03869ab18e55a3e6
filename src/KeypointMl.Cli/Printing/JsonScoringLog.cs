using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Cli.Printing;

/// <summary>
/// An object a line for log collectors: <c>time</c>, <c>level</c>, <c>event</c> (<c>note</c>, <c>failed</c>,
/// <c>progress</c>, <c>shard</c>), and the event's own fields.
/// </summary>
/// <param name="writer">Takes the lines.</param>
/// <param name="time">The clock.</param>
internal sealed class JsonScoringLog(TextWriter writer, TimeProvider time) : IScoringLog
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private DateTimeOffset Now => time.GetUtcNow();

    public void Note(string message) => Write(new { Time = Now, Level = "information", Event = "note", Message = message });

    public void Failed(PredictionRow row) =>
        Write(new
        {
            Time = Now,
            Level = "warning",
            Event = "failed",
            row.Source,
            row.Frame,
            Item = row.Item.Length > 0
            ? row.Item
            : null,
            row.Error
        });

    public void Progress(long done, long? frames, double framesPerSecond, TimeSpan? left) =>
        Write(new
        {
            Time = Now,
            Level = "information",
            Event = "progress",
            Done = done,
            Frames = frames,
            FramesPerSecond = Math.Round(framesPerSecond, 2),
            SecondsLeft = left is { } known
                ? Math.Round(known.TotalSeconds, 1)
                : (double?)null
        });

    public void Finished(ShardRecord record) =>
        Write(new
        {
            Time = Now,
            Level = "information",
            Event = "shard",
            record.Shard,
            record.Frames,
            record.Ok,
            record.Failed,
            record.Seconds,
            record.SessionSeconds,
            record.Worker
        });

    private void Write<T>(T entry) => writer.WriteLine(JsonSerializer.Serialize(entry, Options));
}
