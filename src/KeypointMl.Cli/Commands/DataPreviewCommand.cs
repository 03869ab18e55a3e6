using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Previews;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Commands;

/// <summary><c>data preview MANIFEST --out FILE.png</c></summary>
internal static class DataPreviewCommand
{
    private const int MaxSize = 1024;

    public static Command Create(CommandContext context)
    {
        var manifest = new Argument<string>("MANIFEST") { Description = ManifestLookup.Help }.Completing(ManifestLookup.Names);
        Option<string> output = new Option<string>("--out")
        {
            Description = "The picture: .png or .jpg.",
            Required = true,
            HelpName = "FILE.png",
        }.ForOutput(OutputPath.Pictures);
        Option<int?> size = new Option<int?>("--size")
        {
            Description = "Width and height of the frames in pixels.",
            DefaultValueFactory = _ => 128,
            HelpName = "PIXELS",
        }.Within(16, MaxSize);
        var split = new Option<string?>("--split")
        {
            Description = "The split whose labels are drawn; by default the data set's first labelled one other than train.",
            HelpName = "NAME",
        };
        var priorOnly = new Option<bool>("--prior-only") { Description = "Draw prior poses alone: for a data set without images." };
        const string description = "Draws frames with labels, training frames and prior poses on one picture.";
        var command = new Command("preview", description) { manifest, output, size, split, priorOnly, context.DataRoot };
        command.Validators.Add(result =>
        {
            if (result.GetValue(priorOnly) && result.GetValue(split) is not null)
                result.AddError($"{split.Name} is for labelled frames, and {priorOnly.Name} draws none; give one of the two.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            int side = parsed.GetValue(size)!.Value;
            DataManifest loaded = ManifestLookup.Load(parsed.GetRequiredValue(manifest));
            OutputGuard.Require(parsed.GetRequiredValue(output), loaded.Path);
            IDataset dataset = loaded.Open(new DatasetOptions
            {
                DataRoot = parsed.GetValue(context.DataRoot),
                Width = side,
                Height = side,
                Streaming = true,
                Cancellation = cancellation,
                Note = context.Note,
            });
            // Only what is there can be replaced: the files of a large set take a while to list.
            if (File.Exists(parsed.GetRequiredValue(output)))
                OutputGuard.Require(parsed.GetRequiredValue(output), DatasetFiles.Of(dataset, withTraining: !parsed.GetValue(priorOnly)));
            if (parsed.GetValue(priorOnly))
            {
                ImageWriter.Write(ContactSheet.DrawPoses(dataset.OpenPrior(), new ContactSheetOptions
                {
                    Rows = 4,
                }), parsed.GetRequiredValue(output));
                context.Out.WriteLine($"{parsed.GetRequiredValue(output)}: prior poses");
                return Task.FromResult(ExitCode.Done);
            }
            string? root = loaded.SourceRoot(parsed.GetValue(context.DataRoot));
            string? labelled = parsed.GetValue(split) ?? dataset.LabelledSplits.OrderBy(name => name == "train").FirstOrDefault();
            ImageWriter.Write(ContactSheet.Draw(dataset, new ContactSheetOptions
            {
                LabelledSplit = labelled,
                DataRoot = root,
            }), parsed.GetRequiredValue(output));
            string above = root is null ? "" : " (above them what they were cut out of)";
            string labels = labelled is null ? "" : $"labelled frames of split '{labelled}'{above}, ";
            context.Out.WriteLine($"{parsed.GetRequiredValue(output)}: from the top, {labels}training frames, prior poses");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
