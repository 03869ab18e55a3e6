using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Commands;

/// <summary><c>report RUN</c></summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Argument<string>("RUN") { Description = "The run's folder; it may still be training." };
        var command = new Command("report", "Writes a run's report.html anew: curves, pictures, errors, recipe.") { run };
        command.SetAction((parsed, _) =>
        {
            using var folder = RunFolder.Open(parsed.GetRequiredValue(run));
            ReportWriter.Write(RunReport.Collect(folder), folder.ReportPath);
            context.Out.WriteLine(folder.ReportPath);
            return Task.FromResult(ExitCode.Done);
        });
        context.EndedAtOnce.Add(command);
        return command;
    }
}
