using System.Text.Json;
using KeypointMl.Studio.Answers;
using KeypointMl.Training.Runs;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Runs;

/// <summary>
/// Tells the page what is new in runs' logs, as server-sent events: <c>lines</c>, <c>state</c>, <c>fault</c>. All runs share one
/// answer: a browser keeps six connections to a server, and every one that is held open is one less.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class RunEvents(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Tells until nobody listens any more.</summary>
    /// <param name="http">The request.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public async Task SendAsync(HttpContext http, IReadOnlyList<WatchedRun> runs, CancellationToken cancellation)
    {
        http.Response.ContentType = "text/event-stream";
        Seen[] seen = [.. runs.Select(_ => new Seen())];
        while (!cancellation.IsCancellationRequested)
        {
            foreach ((string name, object data) in runs.Zip(seen).SelectMany(one => News(one.First, one.Second)))
            {
                string json = JsonSerializer.Serialize(data, Answer.Options);
                await http.Response.WriteAsync($"event: {name}\ndata: {json}\n\n", cancellation).ConfigureAwait(false);
            }
            await http.Response.Body.FlushAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private static IEnumerable<(string Name, object Data)> News(WatchedRun run, Seen seen)
    {
        IReadOnlyList<TrainingLogEntry>? log = null;
        string[] samples = [];
        string? fault = null;
        try
        {
            samples = SamplesOf(run);
            var file = new FileInfo(run.LogPath);
            (long, DateTime) stamp = file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
            if (stamp != seen.Stamp)
            {
                log = run.ReadLog();
                seen.Stamp = stamp;
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            fault = error.Message;
        }
        if (fault != seen.Fault && (seen.Fault = fault) is not null)
            yield return ("fault", new { run = run.Id, error = fault });
        if (log is not null)
        {
            // After a resume the log may be shorter: what the page has is void then.
            int from = log.Count >= seen.Lines && (seen.Lines == 0 || log[seen.Lines - 1].Equals(seen.Last)) ? seen.Lines : 0;
            yield return ("lines", new { run = run.Id, from, lines = log.Skip(from).Select(ShownEntry.Of) });
            (seen.Lines, seen.Last) = (log.Count, log.Count > 0 ? log[^1] : null);
        }
        (int? process, string? failure) = (run.Process, run.Fault);
        if (!seen.Told || process != seen.Process || failure != seen.Failure || log is not null)
        {
            (seen.Told, seen.Process, seen.Failure) = (true, process, failure);
            yield return ("state", new { run = run.Id, process, failure, samples });
        }
    }

    private static string[] SamplesOf(WatchedRun run)
    {
        using var folder = RunFolder.Open(run.Path);
        return [.. folder.ListSamples().Select(sample => Path.GetFileName(sample))];
    }

    private sealed class Seen
    {
        public (long Length, DateTime Written) Stamp { get; set; } = (-1, default);

        public int Lines { get; set; }

        public TrainingLogEntry? Last { get; set; }

        public bool Told { get; set; }

        public int? Process { get; set; }

        public string? Failure { get; set; }

        public string? Fault { get; set; }
    }
}

/// <summary>A line of the log for the page.</summary>
internal sealed record ShownEntry(
    string Phase, long Step, double Seconds, double? ImagesPerSecond, IReadOnlyDictionary<string, double> Losses,
    IReadOnlyDictionary<string, double> Evaluation, string? Numerics)
{
    /// <summary>A line for the page.</summary>
    public static ShownEntry Of(TrainingLogEntry entry) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Phase.ToString()), entry.Step, entry.Seconds, entry.ImagesPerSecond,
        entry.Losses, entry.Evaluation, entry.Environment?.Numerics);
}
