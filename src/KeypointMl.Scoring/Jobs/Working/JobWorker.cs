using System.Diagnostics;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Streaming;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Jobs.Working;

/// <summary>
/// Does a share of a job's shards, one after the other. A shard's file is written aside, flushed to the disk and
/// renamed; then its record is appended to the worker's manifest. Killed at any moment and started again, it skips what
/// is finished and does the rest, with the same bytes. Several workers on one shard do no harm.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="share">Which shards.</param>
public sealed class JobWorker(ScoreJob job, WorkShare share)
{
    /// <summary>Works until the share is done.</summary>
    /// <param name="observers">Further sinks, such as a console; not disposed, and completed after every shard.</param>
    /// <param name="monitor">Is told how it goes; null for nobody.</param>
    /// <param name="threads">Threads instead of the pipeline's; null for those.</param>
    /// <param name="cancellation">Asks to stop; the shard that is being scored is given up.</param>
    /// <exception cref="IOException">
    /// A file or the inputs' folder is missing, or something cannot be written: it may be there another time.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// The model or the boxes were changed, or the job is damaged: another attempt would not help.
    /// </exception>
    /// <exception cref="NotSupportedException">The device or the hardware decoder was asked for by name and is not available.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public async Task<WorkSummary> RunAsync(
        IReadOnlyList<IPredictionSink> observers,
        IScoringMonitor? monitor = null,
        int? threads = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observers);
        monitor ??= SilentMonitor.Instance;
        long start = Stopwatch.GetTimestamp();
        ScorePipeline pipeline = threads is int number ? job.Pipeline with { Threads = number } : job.Pipeline;
        pipeline.VideoDecoding.Check();
        byte[] model = ModelFile.ReadAllBytes(pipeline.Model);
        job.RequireSame(pipeline.Model, model, job.Plan.ModelSha256);
        if (job.Plan.Sha256 is null)
            monitor.Note("The job's plan carries no checksums: an earlier version wrote it.");
        var manifest = new Manifest(job);
        manifest.Refresh();
        Shard[] mine = [.. job.Shards.Where(share.Has)];
        monitor.Begin(mine.Where(shard => manifest.Find(shard) is null).Sum(shard => shard.Frames));
        using KeypointDetector detector = KeypointDetector.Load(model, pipeline.Model, pipeline.DetectorOptions);
        if (detector.DeviceNote is { } deviceNote)
            monitor.Note(deviceNote);
        job.Folder.Create();
        using var records = new ManifestWriter(job.Folder);
        using WorkThreads scoringThreads = pipeline.ScoringOptions.StartThreads(detector);
        var scorer = new ShardScorer(job, detector, scoringThreads, pipeline, job.ReadBoxes(), records, manifest);
        var summary = new WorkSummary(0, 0, 0, 0, 0, default);
        foreach (Shard shard in mine)
        {
            cancellation.ThrowIfCancellationRequested();
            manifest.Refresh();
            if (manifest.IsDamaged(shard))
                monitor.Note($"{job.Folder.Part(shard.Number)} is damaged: it is not what its record says (SHA-256). It is scored again.");
            ShardRecord? done = manifest.Find(shard) is null
                ? await scorer.ScoreAsync(shard, observers, monitor, cancellation).ConfigureAwait(false)
                : null;
            summary = done is null
                ? summary with { Skipped = summary.Skipped + 1 }
                : summary with
                {
                    Shards = summary.Shards + 1,
                    Frames = summary.Frames + done.Frames,
                    Ok = summary.Ok + done.Ok,
                    Failed = summary.Failed + done.Failed,
                };
        }
        scorer.RemoveLeftovers();
        return summary with { Elapsed = Stopwatch.GetElapsedTime(start) };
    }
}

/// <summary>What a worker did.</summary>
/// <param name="Shards">Shards that it finished.</param>
/// <param name="Skipped">Shards of its share that were finished before, or by another worker meanwhile.</param>
/// <param name="Frames">What it scored itself.</param>
/// <param name="Ok">Rows with keypoints.</param>
/// <param name="Failed">Rows without.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record WorkSummary(int Shards, int Skipped, long Frames, long Ok, long Failed, TimeSpan Elapsed);
