using System.CommandLine;
using System.Globalization;
using KeypointMl.Cli.Running;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;

namespace KeypointMl.Cli.Commands;

/// <summary><c>verify JOB</c></summary>
internal static class VerifyCommand
{
    public static Command Create(CommandContext context)
    {
        var job = new Argument<string>("JOB") { Description = "The folder of a planned job." };
        var command = new Command("verify", "Proves that a job's results hold every frame of its inputs once; returns 0 if so.") { job };
        command.SetAction(async (parsed, cancellation) =>
        {
            var opened = ScoreJob.Open(parsed.GetRequiredValue(job));
            JobState state = await new JobVerifier(opened).VerifyAsync(cancellation);
            Print(state, opened.Shards.Count, context);
            return state.IsComplete ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(JobState state, int shards, CommandContext context)
    {
        foreach (string problem in state.Problems)
            context.Error.WriteLine($"{CommandLine.Name}: {problem}");
        if (state.Unfinished.Count > 0)
        {
            context.Error.WriteLine(
                $"{CommandLine.Name}: {state.Unfinished.Count} of {shards} shards are still to be done: "
                + $"{string.Join(", ", state.Unfinished.Take(20))}{(state.Unfinished.Count > 20 ? ", …" : "")}");
        }
        string boxless = state.FramesWithoutBox > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {state.FramesWithoutBox} of them without a box and a row")
            : "";
        context.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(state.IsComplete ? "complete" : "not complete")}: {state.Frames} frames in{boxless}; "
            + $"{state.Ok + state.Failed} rows out: {state.Ok} ok, {state.Failed} failed"));
    }
}
