using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;

namespace KeypointMl.Cli.Commands;

/// <summary><c>data check MANIFEST [--read]</c></summary>
internal static class DataCheckCommand
{
    private const int ReadSize = 64;
    private const int MostShown = 100;

    public static Command Create(CommandContext context)
    {
        var manifest = new Argument<string>("MANIFEST") { Description = ManifestLookup.Help };
        var read = new Option<bool>("--read")
        {
            Description = "Reads every record too, as training would: each frame is decoded, each label parsed. May take hours.",
        };
        var command = new Command("check",
            "Compares a data set's files with its manifest: there, right size, right content.") { manifest, read, context.DataRoot };
        command.SetAction((parsed, cancellation) =>
        {
            var loaded = ManifestLookup.Load(parsed.GetRequiredValue(manifest));
            string? dataRoot = parsed.GetValue(context.DataRoot);
            int code = CheckFiles(loaded, dataRoot, context);
            return Task.FromResult(code == ExitCode.Done && parsed.GetValue(read)
                ? ReadRecords(loaded, dataRoot, context, cancellation)
                : code);
        });
        return command;
    }

    private static int CheckFiles(DataManifest manifest, string? dataRoot, CommandContext context)
    {
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
        context.Error.WriteLine(
            $"keypointml: {bad} of the {findings.Count} files of {manifest.Name} are not as {manifest.Path} says. "
            + $"How to obtain them:\n{manifest.Obtain}");
        return ExitCode.Failed;
    }

    private static int ReadRecords(DataManifest manifest, string? dataRoot, CommandContext context, CancellationToken cancellation)
    {
        IDataset dataset = manifest.Open(new DatasetOptions
        {
            DataRoot = dataRoot,
            Width = ReadSize,
            Height = ReadSize,
            Streaming = true,
            MemoryBytes = 0,
            Cancellation = cancellation,
            Note = context.Note,
        });
        int problems = 0;
        foreach (ReadPart part in ReadCheck.Run(dataset, cancellation))
        {
            context.Out.WriteLine(
                FormattableString.Invariant(
                    $"{(part.Problems.Count == 0 ? "ok  " : "BAD ")} {part.Name}: {part.Records:N0} read{(part.Problems.Count == 0 ? "" : $", {part.Problems.Count:N0} could not be")}"));
            foreach (string problem in part.Problems.Take(MostShown))
                context.Error.WriteLine($"keypointml: {part.Name}: {problem}");
            if (part.Problems.Count > MostShown)
            {
                context.Error.WriteLine(
                    FormattableString.Invariant($"keypointml: {part.Name}: and {part.Problems.Count - MostShown:N0} more"));
            }
            problems += part.Problems.Count;
        }
        return problems == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
