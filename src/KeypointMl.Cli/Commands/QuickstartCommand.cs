using System.CommandLine;
using KeypointMl.Cli.Progress;
using KeypointMl.Cli.Running;
using KeypointMl.Training.Quickstart;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Commands;

/// <summary><c>quickstart [--out DIR] [--minutes M] [--seed S]</c></summary>
internal static class QuickstartCommand
{
    public static Command Create(CommandContext context)
    {
        var defaults = new QuickstartOptions();
        var output = new Option<string>("--out")
        {
            Description = "Where everything is written; must not hold a run already.",
            DefaultValueFactory = _ => defaults.OutputFolder,
            HelpName = "DIR",
        };
        Option<double> minutes = new Option<double>("--minutes")
        {
            Description = "Roughly how long the training may take, in minutes.",
            DefaultValueFactory = _ => defaults.Minutes,
            HelpName = "M",
        }.AtLeast(0.5);
        var seed = new Option<ulong>("--seed")
        {
            Description = "Seed of the puppets and of training.",
            DefaultValueFactory = _ => defaults.Seed,
            HelpName = "S",
        };
        var command = new Command("quickstart",
            "Synthetic puppets → train → export → measure the exported graph → report.html, without any data.")
        {
            output, minutes, seed, context.Threads,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            new QuickstartOptions
            {
                OutputFolder = parsed.GetRequiredValue(output),
                Minutes = parsed.GetValue(minutes),
                Seed = parsed.GetValue(seed),
            }, parsed, context, cancellation)));
        return command;
    }

    private static int Run(QuickstartOptions options, ParseResult parsed, CommandContext context, CancellationToken cancellation)
    {
        context.UseLibTorch(parsed);
        using ITrainingProgress progress = TerminalProgress.For(context.Console, context.Out);
        QuickstartResult result = new QuickstartRun(options, progress, context.Out).Run(cancellation);
        context.Out.WriteLine($"Report: {result.ReportPath}");
        return ExitCode.Done;
    }
}
