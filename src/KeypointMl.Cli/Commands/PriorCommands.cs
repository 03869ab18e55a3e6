using System.CommandLine;
using System.Globalization;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Previews;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Priors.Building;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Commands;

/// <summary><c>prior build|draw</c></summary>
internal static class PriorCommand
{
    public static Command Create(CommandContext context) => new("prior", "Makes unpaired prior poses.")
    {
        PriorBuildCommand.Create(context),
        PriorDrawCommand.Create(context),
    };
}

/// <summary><c>prior build RECIPE.yaml --out FILE.csv [--preview FILE.png]</c></summary>
internal static class PriorBuildCommand
{
    private const string Folder = "pipelines/priors";

    public static Command Create(CommandContext context)
    {
        var recipe = new Argument<string>("RECIPE") { Description = $"A recipe for a prior, or the name of one in {Folder}." }
            .Completing(() => ShippedFiles.Names(Folder));
        Option<string> output = new Option<string>("--out")
        {
            Description = "The poses, as CSV; where they came from is written beside it (.provenance.json).",
            Required = true,
            HelpName = "FILE.csv",
        }.ForOutput(OutputPath.Tables);
        Option<string?> preview = new Option<string?>("--preview")
        {
            Description = "Draw some of the poses: .png or .jpg.",
            HelpName = "FILE.png",
        }.ForOutput(OutputPath.Pictures);
        var command = new Command("build",
            "Makes prior poses from motion capture, seen by random cameras, or from a data set's labels.") { recipe, output, preview,
            context.DataRoot };
        command.SetAction((parsed, cancellation) =>
        {
            string file = ShippedFiles.FindNamed(Folder, parsed.GetRequiredValue(recipe));
            string path = parsed.GetRequiredValue(output);
            string?[] outputs = [path, BuiltPrior.ProvenancePath(path), parsed.GetValue(preview)];
            var guard = new OutputGuard(outputs.OfType<string>());
            guard.Require(file);
            var loaded = PriorBuildRecipe.Load(file);
            BuiltPrior built = PriorBuilder.Build(loaded, parsed.GetValue(context.DataRoot), cancellation);
            string root = parsed.GetValue(context.DataRoot) ?? Environment.GetEnvironmentVariable(DataRoot.EnvironmentVariable) ?? "";
            foreach (string source in built.Provenance.Sources.Select(source => Path.Combine(root, source.Path)))
                guard.Require(source);
            built.Write(path);
            Report(built, path, context.Out);
            if (parsed.GetValue(preview) is string picture)
                WritePreview(built.Prior, picture, context.Out);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>Draws the first poses of a prior.</summary>
    internal static void WritePreview(PosePrior prior, string picture, TextWriter output)
    {
        var options = new ContactSheetOptions { Columns = 12, Rows = 8, Zoom = 1 };
        ImageWriter.Write(ContactSheet.DrawPoses(prior, options), picture);
        output.WriteLine($"{picture}: {Math.Min(options.Columns * options.Rows, prior.Poses.Count)} of the poses");
    }

    private static void Report(BuiltPrior built, string path, TextWriter output)
    {
        PriorProvenance from = built.Provenance;
        string rejected = from.Rejected.Count == 0
            ? "none left out"
            : string.Join(", ", from.Rejected.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Value} {entry.Key}")));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {from.Poses} poses of {built.Prior.Skeleton.Count} keypoints in a crop of {from.Width}×{from.Height}, "
            + $"from {from.SourcePoses} source poses of {from.Sources.Count} files; {from.Drawn} drawn: {rejected}"));
    }
}
