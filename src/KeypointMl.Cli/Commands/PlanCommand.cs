using System.CommandLine;
using System.Globalization;
using KeypointMl.Cli.Running;
using KeypointMl.Scoring.Jobs;

namespace KeypointMl.Cli.Commands;

/// <summary><c>plan PIPELINE.yaml --out JOB [--shard-frames N]</c></summary>
internal static class PlanCommand
{
    public static Command Create(CommandContext context)
    {
        var pipeline = new Argument<string>("PIPELINE.yaml") { Description = "A declared scoring pipeline." };
        Option<string> output = new Option<string>("--out")
        {
            Description = "The job's folder, which every worker must see.",
            Required = true,
            HelpName = "JOB",
        }.ForFolder();
        Option<int> frames = new Option<int>("--shard-frames")
        {
            Description = $"How many frames a shard has; {JobPlanner.DefaultShardFrames} where not given.",
            HelpName = "N",
        }.AtLeast(1);
        const string description = "Lists and checks everything that a pipeline scores and divides it into shards, for many workers.";
        var command = new Command("plan", description) { pipeline, output, frames };
        command.SetAction((parsed, cancellation) =>
        {
            string job = parsed.GetRequiredValue(output);
            int? shardFrames = parsed.GetResult(frames) is null ? null : parsed.GetValue(frames);
            JobPlan plan = JobPlanner.Plan(parsed.GetRequiredValue(pipeline), job, shardFrames, context.Note, cancellation);
            context.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{job}: {plan.Frames} frames of {plan.Inputs} files in {plan.Shards} shards"));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
