using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Files;
using KeypointMl.Training.Figures;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Cli.Commands;

/// <summary><c>figure data-flow|leak|predictions|unpaired|transfer|edits --run RUN --out FILE.png</c></summary>
internal static class FigureCommand
{
    public static Command Create(CommandContext context)
    {
        var move = new Option<string[]>("--move")
        {
            Description = "Moves a keypoint or a group of them by percents of the frame, x right, y down; may stand several times.",
            HelpName = "NAME=DX,DY",
            DefaultValueFactory = _ => [],
        };
        return new Command("figure", "Draws the paper's figures from a run.")
        {
            Kind(context, "data-flow", FigureKind.DataFlow, "Figure 3: x′, x, x̂, Φ(x) and the clean skeleton, of training pairs."),
            Kind(context, "leak", FigureKind.Leak, "Figure 4: x, Φ(x), the reconstruction without bottleneck and condition, log Φ(x)."),
            Kind(context, "predictions", FigureKind.Predictions, "Figures 5 and 8: test frames with the predicted keypoints."),
            Kind(context, "unpaired", FigureKind.Unpaired,
                "Figure 7: poses of the prior, unlabelled frames, test frames with predictions."),
            Kind(context, "transfer", FigureKind.Transfer, "Figure 9: the pose of one frame with the appearance of another clip's."),
            Kind(context, "edits", FigureKind.Edits, "Figure 10: a frame with its keypoints moved.", move),
        };
    }

    private static Command Kind(CommandContext context, string name, FigureKind kind, string description, Option<string[]>? move = null)
    {
        var run = new Option<string>("--run") { Description = "The run's folder.", Required = true, HelpName = "RUN" };
        Option<string> output = new Option<string>("--out")
        {
            Description = "The picture: .png or .jpg.",
            Required = true,
            HelpName = "FILE.png",
        }.ForOutput(Imaging.Files.OutputPath.Pictures);
        var examples = new Option<int>("--examples")
        {
            Description = "How many examples.",
            HelpName = "N",
            DefaultValueFactory = _ => 6,
        }.AtLeast(1);
        var seed = new Option<ulong>("--seed") { Description = "Chooses the examples.", HelpName = "S", DefaultValueFactory = _ => 1 };
        Option<string?> device = CommandContext.Device("by default auto");
        var command = new Command(name, description) { run, output, examples, seed, device, context.DataRoot, context.Threads };
        if (move is not null)
            command.Add(move);
        command.SetAction((parsed, _) =>
        {
            context.UseLibTorch(parsed);
            using var folder = RunFolder.Open(parsed.GetRequiredValue(run));
            string path = parsed.GetRequiredValue(output);
            IEnumerable<string> checkpoints = folder.Checkpoints.List().Select(file => file.Path);
            OutputGuard.Require(path, [folder.RecipePath, folder.LogPath, folder.PostprocessingPath, .. checkpoints]);
            var options = new FigureOptions
            {
                Kind = kind,
                Examples = parsed.GetValue(examples),
                Seed = parsed.GetValue(seed),
                Moves = move is null ? [] : parsed.GetRequiredValue(move),
                Device = TrainingDevice.Open(parsed.GetValue(device) ?? "auto"),
            };
            Figure.Write(folder, parsed.GetValue(context.DataRoot), options, path);
            context.Out.WriteLine(path);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
