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
/// <param name="environment">Gives environment variables; null for those of the process.</param>
internal sealed class ScoreJobRun(
    string job, string? pipeline, string? share, int? threads, Func<string, string?>? environment = null)
{
    /// <summary>Works until the share is done.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ScoringConsole console, CommandContext context, bool verbose, CancellationToken cancellation)
    {
        try
        {
            WorkShare mine = Mine();
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

    /// <summary>
    /// The share as <c>i/n</c>, also where <c>auto</c> was asked for; null without one, and where nothing says which it is.
    /// </summary>
    public string? ShareName
    {
        get
        {
            try
            {
                return share is null ? null : Mine().ToString();
            }
            catch (ArgumentException)
            {
                // The run fails with it.
                return null;
            }
        }
    }

    private WorkShare Mine() => share is null ? WorkShare.All : WorkShare.Parse(share, environment ?? Environment.GetEnvironmentVariable);

    // What is missing or cannot be written may be there another time: a file system that is mounted late, a disk that
    // is full now. What is wrong stays wrong.
    private static bool IsPermanent(Exception exception) =>
        exception is InvalidDataException or NotSupportedException or ArgumentException or OnnxException or FfmpegNotFoundException;
}
