using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Jobs.Results;

/// <summary>
/// Proves that a job's results hold every frame of its inputs once: goes through the inputs and the rows of every shard
/// side by side, and compares every file with its record. Changes nothing.
/// </summary>
/// <param name="job">The job.</param>
public sealed class JobVerifier(ScoreJob job)
{
    private readonly List<int> unfinished = [];
    private readonly List<string> problems = [];

    /// <summary>Verifies the job; a shard at a time is in memory.</summary>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="IOException">A file of the job, the model or the boxes is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The plan, a manifest, the model or the boxes are damaged or were changed.</exception>
    public async Task<JobState> VerifyAsync(CancellationToken cancellation = default)
    {
        var manifest = new Manifest(job);
        manifest.Refresh();
        Skeleton skeleton = job.ReadSkeleton();
        BoxTable? boxes = job.ReadBoxes();
        var state = new JobState(0, 0, 0, 0, unfinished, problems);
        foreach (Shard shard in job.Shards)
        {
            cancellation.ThrowIfCancellationRequested();
            if (problems.Count >= JobState.MaximumProblems)
                break;
            string part = job.Folder.Part(shard.Number);
            if (manifest.Find(shard) is not { } record)
            {
                if (manifest.IsDamaged(shard))
                {
                    problems.Add(
                        $"{part}: its content is not what the manifest says (SHA-256). "
                        + $"Score the job again, and it is done anew: {job.ScoreCommand}");
                }
                else
                {
                    unfinished.Add(shard.Number);
                }
                continue;
            }
            await CompareAsync(shard, record, part, skeleton, boxes, cancellation).ConfigureAwait(false);
            state = state with
            {
                Frames = state.Frames + record.Frames,
                FramesWithoutBox = state.FramesWithoutBox + record.FramesWithoutBox,
                Ok = state.Ok + record.Ok,
                Failed = state.Failed + record.Failed,
            };
        }
        return state;
    }

    private async Task CompareAsync(
        Shard shard, ShardRecord record, string part, Skeleton skeleton, BoxTable? boxes, CancellationToken cancellation)
    {
        using var rows = new ExpectedRows(job.InputsOf(shard), boxes);
        await foreach (PredictionRow row in PredictionParquet.ReadAsync(part, skeleton, job.Pipeline.HasNormalization, cancellation)
            .ConfigureAwait(false))
        {
            if (rows.Match(row) is not { } problem)
                continue;
            problems.Add($"{part}: {problem}");
            return;
        }
        if (rows.Finish() is { } missing)
            problems.Add($"{part}: {missing}");
        else if ((rows.Ok, rows.Failed, rows.Frames) != (record.Ok, record.Failed, record.Frames - record.FramesWithoutBox))
        {
            problems.Add($"{part}: it has {rows.Ok} rows with and {rows.Failed} without keypoints of {rows.Frames} frames; "
                + $"its record says {record.Ok}, {record.Failed} and {record.Frames - record.FramesWithoutBox}.");
        }
    }
}

/// <summary>What verifying a job found.</summary>
/// <param name="Frames">Frames of the finished shards: what the inputs had.</param>
/// <param name="FramesWithoutBox">How many of them have no row, because the boxes file has no box for them.</param>
/// <param name="Ok">Rows with keypoints.</param>
/// <param name="Failed">Rows without.</param>
/// <param name="Unfinished">Shards that are still to be done.</param>
/// <param name="Problems">What is wrong with finished shards, for people; at most <see cref="MaximumProblems"/>.</param>
public sealed record JobState(
    long Frames, long FramesWithoutBox, long Ok, long Failed, IReadOnlyList<int> Unfinished, IReadOnlyList<string> Problems)
{
    /// <summary>How many problems are collected before the search ends.</summary>
    public const int MaximumProblems = 20;

    /// <summary>Whether every frame of every input is accounted for, once.</summary>
    public bool IsComplete => Unfinished.Count == 0 && Problems.Count == 0;
}
