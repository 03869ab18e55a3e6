using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors.Building;
using KeypointMl.Data.Priors.Drawing;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Cli.Commands;

/// <summary><c>prior draw TEMPLATE --out FILE.csv [--preview FILE.png]</c></summary>
internal sealed class PriorDrawCommand
{
    private readonly CommandContext context;
    private readonly Argument<string> template = new("TEMPLATE")
    {
        Description = "One or a few poses: CSV (name_x,name_y), SLEAP, DeepLabCut or COCO; or YAML with ranges of the joints' angles.",
    };
    private readonly Option<string> output = new Option<string>("--out")
    {
        Description = "The poses, as CSV; beside it where they came from (.provenance.json) and their skeleton (.skeleton.yaml).",
        Required = true,
        HelpName = "FILE.csv",
    }.ForOutput(OutputPath.Tables);
    private readonly Option<string?> preview = new Option<string?>("--preview")
    {
        Description = "Draw some of the poses: .png or .jpg.",
        HelpName = "FILE.png",
    }.ForOutput(OutputPath.Pictures);
    private readonly Option<string?> skeleton = new Option<string?>("--skeleton")
    {
        Description = "A skeleton's YAML file, or the name of a shipped one; else that of the template, completed by guesses.",
        HelpName = "NAME",
    }.Completing(ManifestLookup.Skeletons);
    private readonly Option<int> count = new Option<int>("--count")
    {
        Description = "How many poses.",
        DefaultValueFactory = _ => 2000,
        HelpName = "N",
    }.AtLeast(1);
    private readonly Option<ulong> seed = new("--seed") { Description = "Of every draw.", DefaultValueFactory = _ => 1, HelpName = "S" };
    private readonly Option<float?> heading = new Option<float?>("--heading")
    {
        Description = "Turn the whole by up to so many degrees either way; 180: any heading.",
        HelpName = "DEGREES",
    }.Within(0, 180);
    private readonly Option<float?> angle = new Option<float?>("--angle")
    {
        Description = "How far joints turn for which the template has no range, in degrees either way; 15 by default.",
        HelpName = "DEGREES",
    }.Within(0, 180);
    private readonly Option<float?> length = new Option<float?>("--length")
    {
        Description = "How much bones stretch for which the template says nothing, in percent either way; 8 by default.",
        HelpName = "PERCENT",
    }.Within(0, 90);

    private PriorDrawCommand(CommandContext context) => this.context = context;

    public static Command Create(CommandContext context) => new PriorDrawCommand(context).Build();

    private Command Build()
    {
        var command = new Command(
            "draw", "Makes prior poses of one or a few, by turning their joints: the way out where there is no prior.");
        command.Add(template);
        foreach (Option option in (Option[])[output, preview, skeleton, count, seed, heading, angle, length])
            command.Add(option);
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed)));
        context.EndedAtOnce.Add(command);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(output);
        string skeletonPath = Path.ChangeExtension(path, ".skeleton.yaml");
        string? picture = parsed.GetValue(preview);
        string?[] outputs = [path, BuiltPrior.ProvenancePath(path), skeletonPath, picture];
        var guard = new OutputGuard(outputs.OfType<string>());
        guard.Require(parsed.GetRequiredValue(template));
        guard.Require(parsed.GetValue(skeleton));
        PoseTemplate loaded = Load(parsed);
        foreach (string file in loaded.Files)
            guard.Require(file);
        BuiltPrior built = TemplateDrawing.Draw(loaded, parsed.GetValue(count), parsed.GetValue(seed));
        built.Write(path);
        AtomicFile.WriteAllText(skeletonPath, SkeletonYaml.Write(loaded.Skeleton));
        int left = built.Provenance.Rejected.Values.Sum();
        context.Out.WriteLine($"{path}: {built.Prior.Poses.Count} poses of {loaded.Skeleton.Count} keypoints in a crop of "
            + $"{loaded.Width}×{loaded.Height}, from {loaded.Poses.Count} of {loaded.Path}; {left} left out, not in the crop");
        context.Out.WriteLine($"{skeletonPath}: their skeleton");
        if (picture is not null)
            PriorBuildCommand.WritePreview(built.Prior, picture, context.Out);
        return ExitCode.Done;
    }

    private PoseTemplate Load(ParseResult parsed)
    {
        Poses.Skeletons.Skeleton? given = parsed.GetValue(skeleton) is string name ? SkeletonYaml.Find(name) : null;
        PoseTemplate loaded = PoseTemplate.Load(parsed.GetRequiredValue(template), given, context.Note);
        JointRange usual = loaded.Usual;
        if (parsed.GetValue(angle) is float degrees)
            usual = usual with { Low = -degrees, High = degrees };
        if (parsed.GetValue(length) is float percent)
            usual = usual with { Length = percent / 100 };
        return loaded with { Usual = usual, HeadingDegrees = parsed.GetValue(heading) ?? loaded.HeadingDegrees };
    }
}
