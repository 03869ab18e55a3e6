using System.CommandLine;
using System.Globalization;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Projects;
using KeypointMl.Imaging.Files;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Training.Projects;

namespace KeypointMl.Cli.Commands;

/// <summary><c>new OUT --videos 'v/*.mp4' | --images DIR --prior FILE | --template FILE [--labels FILE [--supervised]]</c></summary>
internal sealed class NewCommand
{
    private const string Any = "any", Upright = "upright";

    private readonly CommandContext context;
    private readonly Argument<string> output = new("OUT") { Description = "The project's folder: new or empty, unless --force." };
    private readonly Option<string[]> videos = new("--videos")
    {
        Description = "Videos, a folder of them, or a glob such as 'videos/*.mp4'.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "VIDEO…",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> images = new("--images") { Description = "A folder of images instead.", HelpName = "DIR" };
    private readonly Option<string?> prior = new("--prior")
    {
        Description = "Poses of the same kind of subject, from wherever: SLEAP .slp or .h5, DeepLabCut .csv or .h5, COCO .json, CSV.",
        HelpName = "FILE",
    };
    private readonly Option<string?> template = new("--template")
    {
        Description = "Where there is no prior: one or a few poses to draw one of (see 'prior draw').",
        HelpName = "FILE",
    };
    private readonly Option<string?> labels = new("--labels")
    {
        Description = "Labels of some frames, of the same tools, to measure errors with; they train nothing, but for --supervised.",
        HelpName = "FILE",
    };
    private readonly Option<bool> supervised = new("--supervised")
    {
        Description = "Train on four fifths of the labels, and measure with the rest; the prior is of them where none is given.",
    };
    private readonly Option<string?> skeleton = new Option<string?>("--skeleton")
    {
        Description = "A skeleton's YAML file, or the name of a shipped one; else that of the poses, completed by guesses.",
        HelpName = "NAME",
    }.Completing(ManifestLookup.Skeletons);
    private readonly Option<string?> category = new("--category") { Description = "Of a COCO file with several.", HelpName = "NAME" };
    private readonly Option<string?> name = new("--name") { Description = "The project's name; else the folder's.", HelpName = "NAME" };
    private readonly Option<string?> boxes = new("--boxes")
    {
        Description = "Where the subjects are, from another program or from 'find': CSV with frame,track,x,y,width,height, and source "
            + "(the names from the folder on) where there are several videos, and for images.",
        HelpName = "FILE.csv",
    };
    private readonly Option<int?> count = new Option<int?>("--count")
    {
        Description = "How many subjects are in the picture, where it is known.",
        HelpName = "N",
    }.Within(1, 100);
    private readonly Option<float?> size = new Option<float?>("--size")
    {
        Description = "The side of the boxes in pixels; else learnt from the video.",
        HelpName = "PX",
    }.Within(4, 1_000_000);
    private readonly Option<string?> heading = new Option<string?>("--heading")
    {
        Description = "Whether subjects head anywhere (any) or stand (upright); else measured.",
        HelpName = "any|upright",
    }.AcceptOnlyFromAmong(Any, Upright);
    private readonly Option<string?> priorSize = new("--prior-size")
    {
        Description = "Keep the prior as it is: its coordinates are pixels of a crop of this size; else it is fitted to the images.",
        HelpName = "WIDTHxHEIGHT",
    };
    private readonly Option<float> minScore = new Option<float>("--min-score")
    {
        Description = "Points of prior and labels with a lower score are missing.",
        DefaultValueFactory = _ => 0.3f,
        HelpName = "SCORE",
    }.AtLeast(0);
    private readonly Option<bool> wholeFrames = new("--whole-frames") { Description = "Take frames as a whole, and look for no subjects." };
    private readonly Option<bool> force = new("--force") { Description = "Replace the files of an earlier project." };

    private NewCommand(CommandContext context) => this.context = context;

    public static Command Create(CommandContext context) => new NewCommand(context).Build();

    private Command Build()
    {
        var command = new Command(
            "new", "Makes a project for own videos or images: boxes, prior, skeleton, manifest, recipe, and what to do next.");
        command.Add(output);
        foreach (Option option in (Option[])[videos, images, prior, template, labels, supervised, skeleton, category, name, boxes, count, size, heading,
            priorSize, minScore, wholeFrames, force, context.Threads])
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(videos) is { Length: > 0 } == result.GetValue(images) is not null)
                result.AddError($"Give either {videos.Name} or {images.Name}.");
            bool isSupervised = result.GetValue(supervised);
            if (isSupervised && result.GetValue(labels) is null)
                result.AddError($"{supervised.Name} trains on labels: give {labels.Name}.");
            if (result.GetValue(prior) is not null == result.GetValue(template) is not null
                && !(isSupervised && result.GetValue(prior) is null))
            {
                result.AddError(
                    $"Give either {prior.Name} or {template.Name}: poses of the same kind of subject, or a few to draw them of.");
            }
            if (result.GetValue(boxes) is not null && (result.GetValue(wholeFrames) || result.GetValue(count) is not null))
                result.AddError($"With {boxes.Name}, subjects are not looked for: leave {wholeFrames.Name} and {count.Name} out.");
            if (result.GetValue(boxes) is null && (result.GetValue(images) is not null || result.GetValue(wholeFrames))
                && (result.GetValue(count) is not null || result.GetValue(size) is not null))
            {
                result.AddError($"{count.Name} and {size.Name} are for subjects that are looked for in videos: leave them out, or give "
                    + $"{videos.Name} without {wholeFrames.Name}.");
            }
            if (result.GetValue(name) is null && result.GetResult(output) is { Tokens: [{ Value: { } folder }] }
                && NameOf(folder).Length == 0)
                result.AddError($"OUT is '{folder}', which gives no name for the project: give {name.Name}, or a folder.");
            if (result.GetValue(priorSize) is string text && ParseSize(text) is null)
                result.AddError($"{priorSize.Name} is '{text}'; expected two whole numbers, such as 128x128.");
        });
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        List<string> notes = [];
        ProjectOptions options = Options(parsed, Tell);
        var builder = new ProjectBuilder(options, Tell, AskHeading);
        ProjectMeasures measures = builder.Build(cancellation);
        string manifest = $"{options.Folder}/manifest.yaml", recipe = $"{options.Folder}/recipe.yaml";
        AtomicFile.WriteAllText(recipe, ProjectRecipe.Write(measures, options.Name, manifest));
        builder.WriteReadme(notes);
        context.Out.WriteLine($"{options.Folder}/README.md: the next commands. Look first: "
            + Data.Manifests.ShellWords.Join("keypointml", "data", "preview", manifest, "--out", $"{options.Folder}/preview.png"));
        return ExitCode.Done;

        void Tell(string line)
        {
            notes.Add(line);
            context.Out.WriteLine(line);
        }
    }

    private ProjectOptions Options(ParseResult parsed, Action<string> note)
    {
        string folder = Path.TrimEndingDirectorySeparator(parsed.GetRequiredValue(output));
        string[] patterns = parsed.GetRequiredValue(videos);
        IReadOnlyList<InputFile> files = VideoInputs.Find(patterns, note);
        string media = patterns.Length > 0 ? FolderOf(files, patterns) : Path.TrimEndingDirectorySeparator(parsed.GetValue(images)!);
        return new ProjectOptions
        {
            Folder = folder,
            Name = parsed.GetValue(name) ?? NameOf(folder),
            Videos = [.. files.Select(file => (file.Path, file.Name))],
            MediaFolder = media,
            Inputs = patterns.Length > 0 ? VideoInputs.ForScoring(patterns, files) : [media],
            // What a supervised detector is compared with, and nothing that it learns from.
            Prior = parsed.GetValue(prior)
                ?? (parsed.GetValue(supervised) && parsed.GetValue(template) is null ? parsed.GetValue(labels) : null),
            Template = parsed.GetValue(template),
            Labels = parsed.GetValue(labels),
            Supervised = parsed.GetValue(supervised),
            Category = parsed.GetValue(category),
            Skeleton = parsed.GetValue(skeleton),
            MinScore = parsed.GetValue(minScore),
            PriorSize = parsed.GetValue(priorSize) is string text ? ParseSize(text) : null,
            Boxes = parsed.GetValue(boxes),
            Count = parsed.GetValue(count)
                ?? AskCount(patterns.Length > 0 && !parsed.GetValue(wholeFrames) && parsed.GetValue(boxes) is null),
            BoxSize = parsed.GetValue(size),
            Threads = parsed.GetValue(context.Threads),
            WholeFrames = parsed.GetValue(wholeFrames),
            AnyHeading = parsed.GetValue(heading) is string word ? word == Any : null,
            Force = parsed.GetValue(force),
        };
    }

    private static string NameOf(string folder) =>
        folder.Length == 0 ? "" : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    // Names are as 'score' writes them: relative to the folder, or to that of the glob, or the file's own.
    private static string FolderOf(IReadOnlyList<InputFile> found, string[] patterns)
    {
        string[] folders = [.. found.Select(file => Path.GetFullPath(file.Path)[..^file.Name.Length].TrimEnd('/', '\\')).Distinct()];
        if (folders.Length > 1)
        {
            throw new ArgumentException(
                $"The videos lie in {folders.Length} folders, {string.Join(", ", folders.Take(3))}. "
                + "Give a glob over the folder that holds them, such as 'videos/**/*.mp4'.");
        }
        string folder = folders[0].Length == 0 ? "/" : folders[0];
        bool isRelative = patterns.All(pattern => !Path.IsPathRooted(pattern));
        return isRelative ? Path.GetRelativePath(Environment.CurrentDirectory, folder).Replace('\\', '/') : folder;
    }

    private int? AskCount(bool isOfUse)
    {
        if (!isOfUse || context.Questions is not IQuestions questions)
            return null;
        string? answer = questions.Ask("How many animals or people are in the picture? (empty: it changes, or it is not known)");
        return answer is null
            ? null
            : int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 100
            ? number
            : throw new ArgumentException($"'{answer}' is no number from 1 to 100. Call again, or give {count.Name}.");
    }

    private bool? AskHeading()
    {
        const string Standing = "they stand, or nearly so", Turning = "they head anywhere";
        return context.Questions is IQuestions questions
            ? questions.Choose("The images do not show it: how do the subjects lie in the picture?", [Standing, Turning]) == Turning
            : null;
    }

    private static (int, int)? ParseSize(string text) =>
        text.Split('x') is [string width, string height]
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int w)
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out int h) && w > 0 && h > 0
            ? (w, h)
            : null;
}
