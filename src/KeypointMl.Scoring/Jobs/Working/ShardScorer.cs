using System.Diagnostics;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Streaming;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Jobs.Working;

/// <summary>Scores one shard after the other into the job's folder.</summary>
internal sealed class ShardScorer(
    ScoreJob job,
    KeypointDetector detector,
    WorkThreads threads,
    ScorePipeline pipeline,
    BoxTable? boxes,
    ManifestWriter records,
    Manifest manifest)
{
    private readonly PredictionRowGroup rows = new(new PredictionColumns(detector.Skeleton, pipeline.HasNormalization), frameSizes: true);

    /// <summary>Scores a shard.</summary>
    /// <returns>Its record; null where another worker finished it meanwhile.</returns>
    public async Task<ShardRecord?> ScoreAsync(
        Shard shard, IReadOnlyList<IPredictionSink> observers, IScoringMonitor monitor, CancellationToken cancellation)
    {
        RequireInputs(shard);
        long start = Stopwatch.GetTimestamp();
        string temporary = Path.Combine(job.Folder.Temporary, $"{JobFolder.PartName(shard.Number)}.{Guid.NewGuid():N}.parquet");
        string part = job.Folder.Part(shard.Number);
        try
        {
            ScoringSummary summary;
            await using (var sink = new ParquetSink(temporary, rows))
                summary = await new Scorer(detector, pipeline.ScoringOptions, threads).ScoreAsync(
                    job.InputsOf(shard), boxes, [.. observers, sink], monitor, cancellation).ConfigureAwait(false);
            // It may have been unmounted meanwhile.
            if (summary.Ok == 0)
                RequireInputs(shard);
            (string sha256, long bytes) = await FileHash.OfFileAsync(temporary, cancellation).ConfigureAwait(false);
            File.Move(temporary, part, overwrite: true);
            var record = new ShardRecord(
                shard.Number,
                shard.Key,
                sha256,
                bytes,
                summary.Frames,
                summary.FramesWithoutBox,
                summary.Ok,
                summary.Failed,
                Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3),
                Math.Round(summary.SessionTime.TotalSeconds, 3),
                records.Worker,
                DateTimeOffset.UtcNow);
            records.Append(record);
            RemoveLeftovers(shard);
            ScoringMetrics.ShardDuration.Record(record.Seconds);
            monitor.Finished(record);
            return record;
        }
        catch (FileNotFoundException)
        {
            // A worker that finishes a shard removes what others have begun of it.
            manifest.Refresh();
            if (manifest.Find(shard) is null)
                throw;
            return null;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Removes what is left of finished shards: of workers that were killed while others finished the same shard.</summary>
    public void RemoveLeftovers()
    {
        manifest.Refresh();
        foreach (string file in Directory.GetFiles(job.Folder.Temporary))
        {
            if (JobFolder.ShardOf(file) is int number && number < job.Shards.Count && manifest.Find(job.Shards[number]) is not null)
                RemoveLeftover(file);
        }
    }

    // Where a folder is not mounted, every input would be missing, and the job would be done with nothing but failures.
    private void RequireInputs(Shard shard)
    {
        job.RequireRoots();
        job.RequireFolders(shard);
    }

    // What workers that were killed left behind, and what others are still writing of it: they find the record instead.
    private void RemoveLeftovers(Shard shard)
    {
        foreach (string leftover in Directory.GetFiles(job.Folder.Temporary, $"*{JobFolder.PartName(shard.Number)}.*"))
            RemoveLeftover(leftover);
    }

    private static void RemoveLeftover(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where open files cannot be deleted, as on Windows, the worker that writes it does so when it is done.
        }
    }
}
