using System.Diagnostics;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Streaming;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Reading;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Running;

/// <summary>
/// Scores images and videos with a detector: decodes ahead on other threads, runs the detector in batches on others,
/// and hands the rows to the sinks in the order of the input.
/// </summary>
/// <param name="detector">The detector; its <see cref="KeypointDetectorOptions.BatchSize"/> is used. Not disposed.</param>
/// <param name="options">How frames are read, and what is done with their keypoints.</param>
public sealed class Scorer(KeypointDetector detector, ScoringOptions options = default)
{
    private readonly WorkThreads? lent;

    /// <param name="detector">The detector.</param>
    /// <param name="options">How frames are read, and what is done with their keypoints.</param>
    /// <param name="threads">Do the work; for one call at a time. Not disposed.</param>
    internal Scorer(KeypointDetector detector, ScoringOptions options, WorkThreads threads)
        : this(detector, options) => lent = threads;

    /// <summary>Scores every frame of the inputs and completes the sinks.</summary>
    /// <param name="inputs">What to score; listed while the work goes on.</param>
    /// <param name="boxes">Where the subjects are; null: each frame as a whole.</param>
    /// <param name="sinks">Take the rows. Completed at the end, in this order; not disposed.</param>
    /// <param name="monitor">Is told how it goes; null for nobody.</param>
    /// <param name="cancellation">Asks to stop; no sink is completed where it asked before the last row was written.</param>
    /// <returns>How many frames, rows and failures there were. A frame that cannot be read is a failed row, not an exception.</returns>
    /// <exception cref="FfmpegNotFoundException">There is a video, and ffmpeg is not installed.</exception>
    /// <exception cref="InvalidDataException">A step does not fit the detector's keypoints.</exception>
    /// <exception cref="IOException">A sink cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public async Task<ScoringSummary> ScoreAsync(
        IEnumerable<InputFile> inputs,
        BoxTable? boxes,
        IReadOnlyList<IPredictionSink> sinks,
        IScoringMonitor? monitor = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(sinks);
        long start = Stopwatch.GetTimestamp();
        var steps = new RowSteps(options.Steps, detector.Skeleton);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using WorkThreads? own = lent is null ? options.StartThreads(detector) : null;
        WorkThreads threads = own ?? lent!;
        using var rows = new FrameRows(boxes, detector, options, keepPictures: sinks.Any(sink => sink.NeedsPictures));
        using IEnumerator<InputFrame> frames = rows.Read(inputs, stop.Token).GetEnumerator();
        using var stream = new DetectionStream<FrameRow>(detector, options.StreamOf(detector, threads), item =>
        {
            if (!frames.MoveNext())
                return false;
            rows.Take(item, frames.Current);
            return true;
        });
        Task reading = threads.RunAsync(() => stream.ReadAll(stop.Token));
        var output = new SinkGroup(sinks);
        TimeSpan session = default;
        long advanced = 0;
        try
        {
            while (await stream.MoveNextAsync(cancellation).ConfigureAwait(false))
            {
                StreamBatch<FrameRow> batch = stream.Current!;
                IEnumerable<ScoredRow> scored = Enumerable.Range(0, batch.Rows).Select(row => rows.Complete(batch, row));
                await output.WriteAsync(scored.SelectMany(steps.Push), cancellation).ConfigureAwait(false);
                if (batch.RunTime > TimeSpan.Zero)
                    ScoringMetrics.SessionDuration.Record(batch.RunTime.TotalSeconds);
                session += batch.RunTime;
                Advance(batch.Row(batch.Rows - 1).Frames);
            }
            Advance(rows.Frames);
            await output.WriteAsync(steps.Flush(), cancellation).ConfigureAwait(false);
            await SinkGroup.CompleteAllAsync(sinks, cancellation).ConfigureAwait(false);
        }
        finally
        {
            // It works on the stream's memory: it must have ended before that goes back.
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return new ScoringSummary(rows.Frames, rows.FramesWithoutBox, output.Ok, output.Failed, Stopwatch.GetElapsedTime(start))
        {
            SessionTime = session,
        };

        void Advance(long taken)
        {
            ScoringMetrics.Frames.Add(taken - advanced);
            monitor?.Advance(taken - advanced);
            advanced = taken;
        }
    }
}
