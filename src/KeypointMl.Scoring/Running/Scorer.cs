using System.Diagnostics;
using System.Threading.Channels;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Detection;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Reading;
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
    // Beside those with the detector: one is being filled, one waits, one is with the sinks.
    private const int OtherBatches = 3;

    private readonly ScoringThreads? lent;

    /// <param name="detector">The detector.</param>
    /// <param name="options">How frames are read, and what is done with their keypoints.</param>
    /// <param name="threads">Do the work; for one call at a time. Not disposed.</param>
    internal Scorer(KeypointDetector detector, ScoringOptions options, ScoringThreads threads)
        : this(detector, options) => lent = threads;

    /// <summary>Scores every frame of the inputs and completes the sinks.</summary>
    /// <param name="inputs">What to score; listed while the work goes on.</param>
    /// <param name="boxes">Where the subjects are; null: each frame as a whole.</param>
    /// <param name="sinks">Take the rows. Completed at the end, in this order; not disposed.</param>
    /// <param name="monitor">Is told how it goes; null for nobody.</param>
    /// <param name="cancellation">Asks to stop; the sinks are not completed then.</param>
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
        bool keepPictures = sinks.Any(sink => sink.NeedsPictures);
        var cropper = new FrameCropper(detector, boxes, keepPictures);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using ScoringThreads? own = lent is null ? new ScoringThreads(detector, options) : null;
        ScoringThreads threads = own ?? lent!;
        int batchesInFlight = threads.Detectors.Count + OtherBatches;
        var free = Channel.CreateBounded<ScoringBatch>(batchesInFlight);
        var filled = Channel.CreateBounded<ScoringBatch>(batchesInFlight);
        ScoringBatch[] batches = [.. Enumerable.Range(0, batchesInFlight)
            .Select(_ => new ScoringBatch(detector.RentBatch(detector.Options.BatchSize)))];
        foreach (ScoringBatch batch in batches)
            free.Writer.TryWrite(batch);
        var filler = new BatchFiller(cropper, boxes, keepPictures, threads.Detectors, free.Reader, filled.Writer);
        IEnumerable<InputFrame> frames = new InputReader(inputs, boxes, cropper, threads.Decoders, options).Read(stop.Token);
        Task filling = Task.Run(() => filler.FillAsync(frames, stop.Token), CancellationToken.None);
        var output = new SinkGroup(sinks);
        TimeSpan session = default;
        try
        {
            await foreach (ScoringBatch batch in filled.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                await batch.Detected.ConfigureAwait(false);
                await output.WriteAsync(batch.Rows(detector).SelectMany(steps.Push), cancellation).ConfigureAwait(false);
                session += batch.SessionTime;
                ScoringMetrics.Frames.Add(batch.Frames);
                monitor?.Advance(batch.Frames);
                batch.Clear();
                free.Writer.TryWrite(batch);
            }
            await output.WriteAsync(steps.Flush(), cancellation).ConfigureAwait(false);
            foreach (IPredictionSink sink in sinks)
                await sink.CompleteAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Filler and detector work on the batches' memory: they must have ended before that goes back.
            await stop.CancelAsync().ConfigureAwait(false);
            await filling.ConfigureAwait(false);
            foreach (ScoringBatch batch in batches)
            {
                await batch.Detected.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                batch.Dispose();
            }
        }
        return new ScoringSummary(filler.Frames, filler.FramesWithoutBox, output.Ok, output.Failed, Stopwatch.GetElapsedTime(start))
        {
            SessionTime = session,
        };
    }
}
