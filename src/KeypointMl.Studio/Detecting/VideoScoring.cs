using KeypointMl.Imaging.Subjects;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Review;
using KeypointMl.Scoring.Running;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Reviewing;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Detecting;

/// <summary>
/// Scores a video from the page, as <c>score</c> does, into a Parquet file of the folder for what is saved, and shows the result.
/// One video at a time.
/// </summary>
/// <param name="shelf">Takes the result.</param>
/// <param name="folder">Where it is written.</param>
/// <param name="threads">With how many threads; 0 for as many as there are processors.</param>
internal sealed class VideoScoring(PredictionShelf shelf, string folder, int threads) : IScoringMonitor, IDisposable
{
    private readonly Lock access = new();
    private CancellationTokenSource stop = new();
    private ScoringState state = new("idle", "", 0, null, "");
    private Task work = Task.CompletedTask;

    /// <summary>How it goes.</summary>
    public ScoringState State
    {
        get
        {
            lock (access)
                return state;
        }
    }

    /// <summary>Begins.</summary>
    /// <param name="path">The video.</param>
    /// <param name="id">By what the page knows it.</param>
    /// <param name="model">The detector.</param>
    /// <param name="boxes">A boxes file; null for none.</param>
    /// <param name="find">Where there is no boxes file: what is known of the subjects to look for; null: each frame as a whole.</param>
    /// <exception cref="RefusedException">It scores already.</exception>
    public void Start(string path, string id, StudioModel model, string? boxes, SubjectFinderOptions? find)
    {
        lock (access)
        {
            if (state.Phase == "running")
                throw new RefusedException(StatusCodes.Status409Conflict, "A video is being scored already; wait for it, or stop it.");
            stop.Dispose();
            stop = new CancellationTokenSource();
            // Another studio may score into the same folder: a file gets its name when it is complete.
            string pending = Path.Combine(folder, $".{Path.GetRandomFileName()}.parquet");
            state = new ScoringState("running", id, 0, null, find is null ? "Reading the video" : "Looking for subjects");
            var pipeline = new ScorePipeline
            {
                Model = model.Path,
                Inputs = [new ScoreSource(path)],
                Outputs = [pending],
                Boxes = boxes,
                Threads = threads,
                Find = boxes is null ? find : null,
            };
            work = Task.Run(() => RunAsync(pipeline, path, pending, stop.Token));
        }
    }

    /// <summary>Stops; nothing is written then.</summary>
    public void Stop()
    {
        lock (access)
            stop.Cancel();
    }

    /// <inheritdoc/>
    public void Note(string message) => Change(now => now with { Message = message });

    /// <inheritdoc/>
    public void Begin(long? frames) => Change(now => now with { Total = frames, Message = "Scoring" });

    /// <inheritdoc/>
    public void Advance(long frames) => Change(now => now with { Done = now.Done + frames });

    /// <inheritdoc/>
    public void Finished(ShardRecord record)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        work.Wait();
        stop.Dispose();
    }

    private async Task RunAsync(ScorePipeline pipeline, string path, string pending, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            ScoringSummary summary = await pipeline.RunAsync([], this, cancellation).ConfigureAwait(false);
            // The file is there now: whoever stops is too late.
            string output = MoveToFreeName(pending, path);
            if (summary.Ok == 0)
            {
                string why = await ReasonAsync(output, summary).ConfigureAwait(false);
                Change(now => now with { Phase = "failed", Message = $"No pose is in {output}: {why}" });
                return;
            }
            await shelf.AddAsync(output, CancellationToken.None, path).ConfigureAwait(false);
            Change(now => now with { Phase = "done", Message = $"{summary.Ok} poses are in {output}" });
        }
        catch (OperationCanceledException)
        {
            Change(now => now with { Phase = "idle", Message = "Stopped; nothing was written." });
        }
        catch (Exception error)
        {
            // Shown on the page; whoever scores again sees whether it still fails.
            Change(now => now with { Phase = "failed", Message = error.Message });
        }
    }

    private static async Task<string> ReasonAsync(string output, ScoringSummary summary)
    {
        if (summary.Failed == 0)
            return "no frame of it has a box.";
        ReviewedRows read = await ReviewedRows.ReadAsync(output, CancellationToken.None).ConfigureAwait(false);
        return read.Rows.Select(row => row.Error).First(error => error is not null)!;
    }

    private string MoveToFreeName(string pending, string video)
    {
        string start = Path.Combine(folder, Path.GetFileNameWithoutExtension(video));
        for (int i = 1; ; i++)
        {
            string path = i == 1 ? $"{start}.poses.parquet" : $"{start}.poses-{i}.parquet";
            try
            {
                File.Move(pending, path);
                return path;
            }
            catch (IOException) when (Path.Exists(path))
            {
                // It is taken.
            }
        }
    }

    private void Change(Func<ScoringState, ScoringState> change)
    {
        lock (access)
            state = change(state);
    }
}

/// <summary>How scoring goes.</summary>
/// <param name="Phase"><c>idle</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="File">The video, as the page knows it.</param>
/// <param name="Done">Frames that were taken in.</param>
/// <param name="Total">Of how many; null where that is not known.</param>
/// <param name="Message">For people.</param>
internal sealed record ScoringState(string Phase, string File, long Done, long? Total, string Message);
