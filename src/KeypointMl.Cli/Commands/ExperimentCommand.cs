using System.CommandLine;
using KeypointMl.Data;
using KeypointMl.Training;

namespace KeypointMl.Cli;

/// <summary><c>experiment EXPERIMENT --out DIR [--data-root D] [--set k=v]… [--seeds N]… [--only ROW]… [--device D] [--table]</c></summary>
internal static class ExperimentCommand
{
    private const string Folder = "pipelines/experiments";

    public static Command Create(CommandContext context)
    {
        var experiment = new Argument<string>("EXPERIMENT") { Description = $"The experiment's YAML file, or the name of one in {Folder}, such as table4-small." };
        var output = new Option<string>("--out") { Description = "The folder of results, table and runs. What its results.jsonl has is not run again.", Required = true, HelpName = "DIR" };
        var set = new Option<string[]>("--set") { Description = "Gives a key of every run's recipe another value; may stand several times. Use another --out for the table of it.", HelpName = "key=value", DefaultValueFactory = _ => [] };
        var seeds = new Option<ulong[]>("--seeds") { Description = "Seeds in place of the experiment's own.", HelpName = "N", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var only = new Option<string[]>("--only") { Description = "Runs this row alone; may stand several times.", HelpName = "ROW", DefaultValueFactory = _ => [] };
        var table = new Option<bool>("--table") { Description = "Runs nothing: writes the table of what there is." };
        Option<string?> device = CommandContext.Device("by default what each recipe says (training.device)");
        var command = new Command("experiment", "Runs what is not done yet of a table of the paper, and writes the table beside the paper's figures.")
        {
            experiment, output, set, seeds, only, device, table, context.DataRoot,
        };
        command.SetAction((parsed, cancellation) =>
        {
            context.UseThreads(parsed);
            var options = new ExperimentOptions
            {
                Folder = parsed.GetRequiredValue(output),
                DataRoot = parsed.GetValue(context.DataRoot),
                Seeds = parsed.GetRequiredValue(seeds) is { Length: > 0 } given ? [.. given.Distinct()] : null,
                Only = parsed.GetRequiredValue(only) is { Length: > 0 } rows ? rows : null,
                Train = !parsed.GetValue(table),
                Device = parsed.GetValue(device) is { } asked ? TrainingDevice.Open(asked) : null,
            };
            return Task.FromResult(Run(parsed.GetRequiredValue(experiment), parsed.GetRequiredValue(set), options, context, cancellation));
        });
        return command;
    }

    private static int Run(string argument, string[] settings, ExperimentOptions options, CommandContext context, CancellationToken cancellation)
    {
        Experiment experiment = Experiment.Load(ShippedFiles.FindNamed(Folder, argument)).With(settings);
        ExperimentSummary summary = new ExperimentRunner(experiment, options, () => TerminalProgress.For(context.Console, context.Out), context.Out).Run(cancellation);
        context.Out.WriteLine();
        context.Out.Write(File.ReadAllText(summary.TablePath));
        context.Out.WriteLine($"\n{summary.Finished} of {summary.Planned} runs are finished{(summary.InUse > 0 ? $", {summary.InUse} are another process's" : "")}. Table: {summary.TablePath}");
        foreach (string problem in summary.Problems)
            context.Error.WriteLine($"keypointml: {problem}");
        if (summary.Stopped)
        {
            context.Error.WriteLine("keypointml: Stopped; a checkpoint of the run that was being trained is written. The same command goes on from there.");
            return ExitCode.Failed;
        }
        return summary.Problems.Count > 0 ? ExitCode.SomeInputsFailed : ExitCode.Done;
    }
}
