using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;

namespace KeypointMl.Cli.Commands;

/// <summary><c>merge JOB [--output FILE]…</c></summary>
internal static class MergeCommand
{
    public static Command Create(CommandContext context)
    {
        var job = new Argument<string>("JOB") { Description = "The folder of a finished job." };
        Option<string[]> output = new Option<string[]>("--output")
        {
            Description = "Instead of what the pipeline declares, pictures included: .parquet, .csv, .jsonl (JSON Lines), .json "
                + "(COCO keypoints), .h5 or .deeplabcut.csv (DeepLabCut), or .slp (SLEAP); may be given several times.",
            HelpName = "FILE",
        }.ForPredictions();
        var command = new Command("merge", "Joins the shards of a finished job into files.") { job, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var opened = ScoreJob.Open(parsed.GetRequiredValue(job));
            string[] files = parsed.GetValue(output) ?? [];
            long rows = await new JobMerger(opened).MergeAsync(files, cancellation);
            foreach (string file in files.Length > 0 ? files : [.. opened.Pipeline.Outputs])
                context.Out.WriteLine($"{file}: {rows} rows");
            return ExitCode.Done;
        });
        return command;
    }
}
