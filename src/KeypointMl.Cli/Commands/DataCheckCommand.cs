using System.CommandLine;
using KeypointMl.Data;

namespace KeypointMl.Cli;

/// <summary><c>data check MANIFEST</c></summary>
internal static class DataCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var manifest = new Argument<string>("MANIFEST") { Description = Manifests.Help };
        var command = new Command("check", "Compares a data set's files with its manifest: there, right size, right content.") { manifest, context.DataRoot };
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed.GetRequiredValue(manifest), parsed.GetValue(context.DataRoot), context)));
        return command;
    }

    private static int Run(string argument, string? dataRoot, CommandContext context)
    {
        DataManifest manifest = Manifests.Load(argument);
        if (manifest.Files.Count == 0)
        {
            context.Out.WriteLine($"{manifest.Name} is generated; there are no files to check.");
            return ExitCode.Done;
        }
        IReadOnlyList<FileFinding> findings = manifest.Check(dataRoot);
        foreach (FileFinding finding in findings)
            context.Out.WriteLine($"{(finding.Status == FileStatus.Ok ? "ok  " : "BAD ")} {finding.Message}");
        int bad = findings.Count(finding => finding.Status != FileStatus.Ok);
        if (bad == 0)
            return ExitCode.Done;
        context.Error.WriteLine($"keypointml: {bad} of the {findings.Count} files of {manifest.Name} are not as {manifest.Path} says. How to obtain them:\n{manifest.Obtain}");
        return ExitCode.Failed;
    }
}
