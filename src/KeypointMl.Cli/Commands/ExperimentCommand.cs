using System.CommandLine;
using System.Globalization;
using KeypointMl.Cli.Progress;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Manifests;
using KeypointMl.Training.Experiments;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Cli.Commands;

/// <summary>
/// <c>experiment EXPERIMENT --out DIR [--data-root D] [--set k=v]… [--seeds N]… [--only ROW]… [--device D | --devices
/// D,D…] [--table]</c>
/// </summary>
internal static class ExperimentCommand
{
    private const string Folder = "pipelines/experiments";

    public static Command Create(CommandContext context)
    {
        var experiment = new Argument<string>("EXPERIMENT")
        {
            Description = $"The experiment's YAML file, or the name of one in {Folder}, such as table4-small.",
        }.Completing(() => ShippedFiles.Names(Folder));
        Option<string> output = new Option<string>("--out")
        {
            Description = "The folder of results, table and runs. What its results.jsonl has is not run again.",
            Required = true,
            HelpName = "DIR",
        }.ForFolder();
        var set = new Option<string[]>("--set")
        {
            Description = "Gives a key of every run's recipe another value; may stand several times. "
                + "Use another --out for the table of it.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var seeds = new Option<ulong[]>("--seeds")
        {
            Description = "Seeds in place of the experiment's own.",
            HelpName = "N",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var only = new Option<string[]>("--only")
        {
            Description = "Runs this row alone; may stand several times.",
            HelpName = "ROW",
            DefaultValueFactory = _ => [],
        };
        Option<string?> device = CommandContext.Device("by default what each recipe says (training.device)");
        var devices = new Option<string?>("--devices")
        {
            Description = "Several of them, such as cuda:0,cuda:1: a process for each, which trains one run after the other.",
            HelpName = "DEVICE,DEVICE",
        };
        var table = new Option<bool>("--table") { Description = "Runs nothing: writes the table of what there is." };
        var stopAtEnd = new Option<bool>(WorkerProcesses.StopOption) { Hidden = true };
        var command = new Command(
            "experiment", "Runs what is not done yet of a table of the paper, and writes the table beside the paper's figures.")
        {
            experiment, output, set, seeds, only, device, devices, table, stopAtEnd, context.DataRoot, context.Threads,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(device) is not null && result.GetValue(devices) is not null)
                result.AddError("--device and --devices exclude each other: one device, or several.");
            if (result.GetValue(devices) is { } words && Array.Find(words.Split(','), word => !TrainingDevice.IsWord(word)) is { } wrong)
                result.AddError($"--devices has '{wrong}'; expected cpu or cuda:ID, with commas between them.");
            if (result.GetValue(devices) is not null && result.GetValue(table))
                result.AddError("--table runs nothing: leave --devices out.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            if (!parsed.GetValue(table))
                context.UseLibTorch(parsed);
            string[] settings = parsed.GetRequiredValue(set);
            var options = new ExperimentOptions
            {
                Folder = parsed.GetRequiredValue(output),
                DataRoot = parsed.GetValue(context.DataRoot),
                Seeds = parsed.GetRequiredValue(seeds) is { Length: > 0 } given ? [.. given.Distinct()] : null,
                Only = parsed.GetRequiredValue(only) is { Length: > 0 } rows ? rows : null,
                Train = !parsed.GetValue(table),
                Note = context.Note,
                Device = parsed.GetValue(device) is { } asked ? TrainingDevice.Open(asked) : null,
            };
            string name = parsed.GetRequiredValue(experiment);
            if (parsed.GetValue(devices) is { } several && options.Train)
            {
                return Task.FromResult(
                    RunOn(several.Split(','), name, settings, options, parsed.GetValue(context.Threads), context, cancellation));
            }
            using CancellationTokenSource? end = parsed.GetValue(stopAtEnd) ? EndOfInput.Watch(cancellation) : null;
            return Task.FromResult(Run(name, settings, options, context, end?.Token ?? cancellation).ExitCode);
        });
        return command;
    }

    private static (int ExitCode, ExperimentSummary Summary) Run(
        string argument, string[] settings, ExperimentOptions options, CommandContext context, CancellationToken cancellation)
    {
        Experiment experiment = Experiment.Load(ShippedFiles.FindNamed(Folder, argument)).With(settings);
        ExperimentSummary summary = new ExperimentRunner(
            experiment, options, () => TerminalProgress.For(context.Console, context.Out), context.Out).Run(cancellation);
        context.Out.WriteLine();
        context.Out.Write(File.ReadAllText(summary.TablePath));
        context.Out.WriteLine(
            $"\n{summary.Finished} of {summary.Planned} runs are "
            + $"finished{(summary.InUse > 0 ? $", {summary.InUse} are another process's" : "")}. Table: {summary.TablePath}");
        foreach (string problem in summary.Problems)
            context.Error.WriteLine($"keypointml: {problem}");
        if (summary.Stopped)
        {
            context.Error.WriteLine(
                "keypointml: Stopped; a checkpoint of the run that was being trained is written. The same command goes on from there.");
            return (ExitCode.Failed, summary);
        }
        return (summary.Problems.Count > 0 ? ExitCode.SomeInputsFailed : ExitCode.Done, summary);
    }

    /// <summary>A worker for each device; the folder's ledger and locks divide the runs among them.</summary>
    private static int RunOn(
        string[] devices,
        string argument,
        string[] settings,
        ExperimentOptions options,
        int threads,
        CommandContext context,
        CancellationToken cancellation)
    {
        foreach (string device in devices)
            TrainingDevice.Open(device);
        string[] common =
        [
            "experiment", argument, "--out", options.Folder, WorkerProcesses.StopOption,
            .. settings.SelectMany(setting => new[] { "--set", setting }),
            .. (options.Seeds ?? []).SelectMany(seed => new[] { "--seeds", seed.ToString(CultureInfo.InvariantCulture) }),
            .. (options.Only ?? []).SelectMany(row => new[] { "--only", row }),
            .. options.DataRoot is null ? Array.Empty<string>() : ["--data-root", options.DataRoot],
            .. threads == 0 ? Array.Empty<string>() : ["--threads", threads.ToString(CultureInfo.InvariantCulture)],
        ];
        (string, IReadOnlyList<string>)[] workers = [.. devices.Select(
            device => (device, (IReadOnlyList<string>)[.. common, "--device", device]))];
        var ledger = new ResultsLedger(Path.Combine(options.Folder, "results.jsonl"));
        while (true)
        {
            int before = ledger.Read().Count;
            int[] codes = new WorkerProcesses(context.Out, context.Error).Run(workers, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                context.Error.WriteLine(
                    "keypointml: Stopped; checkpoints of the runs that were being trained are written. "
                    + "The same command goes on from there.");
                return ExitCode.Failed;
            }
            if (codes.FirstOrDefault(code => code is not (ExitCode.Done or ExitCode.SomeInputsFailed)) is not 0 and int failed)
                return failed;
            // A second stage whose first one another worker was training is left over: once more, while that leads on.
            (int exitCode, ExperimentSummary summary) = Run(argument, settings, options with { Train = false }, context, cancellation);
            if (summary.Finished + summary.Problems.Count >= summary.Planned || ledger.Read().Count == before)
                return exitCode;
        }
    }
}
