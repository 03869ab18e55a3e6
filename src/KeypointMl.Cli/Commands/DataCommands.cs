using System.CommandLine;
using System.CommandLine.Parsing;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Cli.Commands;

/// <summary><c>data list|check|preview|convert</c></summary>
internal static class DataCommand
{
    public static Command Create(CommandContext context) => new("data", "Lists, checks, shows and converts data sets.")
    {
        DataListCommand.Create(context),
        DataCheckCommand.Create(context),
        DataPreviewCommand.Create(context),
        DataConvertCommand.Create(context),
    };
}

/// <summary><c>data list</c></summary>
internal static class DataListCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("list", "Lists the manifests in data-manifests, here and beside the executable.");
        command.SetAction((_, _) => Task.FromResult(Run(context)));
        return command;
    }

    private static int Run(CommandContext context)
    {
        IReadOnlyList<string> paths = ManifestLookup.List();
        int failed = 0;
        foreach (string path in paths)
        {
            try
            {
                Write(DataManifest.Load(path), path, context.Out);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                context.Note(e.Message);
                failed++;
            }
        }
        return failed == 0 ? ExitCode.Done : failed == paths.Count ? ExitCode.Failed : ExitCode.SomeInputsFailed;
    }

    private static void Write(DataManifest manifest, string path, TextWriter output)
    {
        output.WriteLine($"{manifest.Name,-12} {path}");
        output.WriteLine($"{"",-12} {manifest.Description}");
        string files = manifest.IsGenerated ? "generated"
            : manifest.Files.Count == 0 ? "lists no files" : $"{manifest.Files.Count} files";
        output.WriteLine($"{"",-12} {manifest.Skeleton.Count} keypoints; {files}. Terms: {manifest.Terms}");
    }
}

/// <summary><c>data convert INPUT OUTPUT</c></summary>
internal static class DataConvertCommand
{
    public static Command Create(CommandContext context)
    {
        var input = new Argument<string>("INPUT")
        {
            Description = "Poses: SLEAP .slp or .analysis.h5, DeepLabCut .h5 or .csv, COCO keypoints .json, or CSV such as 'score' writes.",
        };
        var output = new Argument<string>("OUTPUT")
        {
            Description = "The same as .json (COCO keypoints), .csv, .slp (SLEAP) or .h5 (DeepLabCut).",
        };
        var category = new Option<string?>("--category")
        {
            Description = "Of a COCO file with several categories: the name or id of the one to read. "
                + "Without it, all that have the same keypoints.",
            HelpName = "NAME",
        };
        Option<string?> format = new Option<string?>("--format")
        {
            Description = "'deeplabcut' writes .csv or .h5 as DeepLabCut reads them (labels as CollectedData_SCORER, predictions "
                + "of one video under any name); without it, .csv is a plain table with a header line.",
            HelpName = "FORMAT",
        }.AcceptOnlyFromAmong("deeplabcut");
        var command = new Command("convert", "Converts files of labels and predictions between tools.") { input, output, category, format };
        command.Validators.Add(result => RequireKind(result, output, format));
        command.SetAction((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(output);
            OutputGuard.Require(path, parsed.GetRequiredValue(input));
            PoseTable table = PoseFile.Read(parsed.GetRequiredValue(input), parsed.GetValue(category));
            if (parsed.GetValue(format) is null)
                PoseFile.Write(table, path);
            else if (Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
                DeepLabCutCsvWriter.Write(table, path);
            else
                PoseFile.Write(table, path);
            context.Out.WriteLine($"{path}: {table.Rows.Count} poses of {table.Skeleton.Count} keypoints");
            return Task.FromResult(ExitCode.Done);
        });
        context.EndedAtOnce.Add(command);
        return command;
    }

    // Before what may be large is read.
    private static void RequireKind(CommandResult result, Argument<string> output, Option<string?> format)
    {
        if (result.GetResult(output) is not { Tokens: [{ Value: { } path }] })
            return;
        if (result.GetResult(format) is { Tokens.Count: > 0 })
        {
            if (Path.GetExtension(path).ToLowerInvariant() is not (".csv" or ".h5"))
                result.AddError($"{output.Name} is '{PrintableText.Of(path)}'; DeepLabCut's form is written as .csv or .h5.");
        }
        else if (!PoseFile.CanWrite(path))
        {
            result.AddError($"{output.Name} is '{PrintableText.Of(path)}'; {PoseFile.WrittenKinds}.");
        }
    }
}
