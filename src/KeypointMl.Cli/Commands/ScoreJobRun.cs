using System.Globalization;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Video;
using KeypointMl.Onnx.Model;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Working;

namespace KeypointMl.Cli.Commands;

/// <summary>
/// Works as one of the workers of a sharded job. Its exit codes are for the engines that start it: 0 when its share is
/// done (failed inputs are rows of the result), 1 when another attempt may help, 42 when it would not.
/// </summary>
/// <param name="job">The job's folder.</param>
/// <param name="pipeline">Planned first where the job is not there yet; null: it must be.</param>
/// <param name="share"><c>auto</c> or <c>i/n</c>; null for everything.</param>
/// <param name="threads">Threads instead of the pipeline's; null for those.</param>
internal sealed class ScoreJobRun(string job, string? pipeline, string? share, int? threads)
{
    /// <summary>Works until the share is done.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ScoringConsole console, CommandContext context, bool verbose, CancellationToken cancellation)
    {
        try
        {
            WorkShare mine = share is null ? WorkShare.All : WorkShare.Parse(share, Environment.GetEnvironmentVariable);
            if (pipeline is not null)
                JobPlanner.Plan(pipeline, job, note: console.Note, cancellation: cancellation);
            WorkSummary summary = await new JobWorker(ScoreJob.Open(job), mine).RunAsync([console], console, threads, cancellation);
            context.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{job}, share {mine}: {summary.Shards} shards done, {summary.Skipped} were finished already; "
                + $"{summary.Ok} poses and {summary.Failed} failures in {summary.Frames} frames; {summary.Elapsed.TotalSeconds:F1} s"));
            return ExitCode.Done;
        }
        catch (Exception e) when (IsPermanent(e))
        {
            context.Error.WriteLine(Failure.Describe(e, verbose));
            return ExitCode.Permanent;
        }
    }

    // What is missing or cannot be written may be there another time: a file system that is mounted late, a disk that
    // is full now. What is wrong stays wrong.
    private static bool IsPermanent(Exception exception) =>
        exception is InvalidDataException or NotSupportedException or ArgumentException or OnnxException or FfmpegNotFoundException;
}
