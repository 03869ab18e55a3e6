using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Jobs.Working;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Cli.Commands;

/// <summary>
/// <c>score PIPELINE.yaml [--find]</c>, <c>score --model M --input PATH --output FILE [--find]</c>, or <c>score
/// [PIPELINE.yaml] --job JOB [--shard auto|i/n]</c>
/// </summary>
internal sealed class ScoreCommand
{
    private readonly CommandContext context;
    private readonly Argument<string?> pipeline = new("PIPELINE.yaml")
    {
        Description = "A declared pipeline, instead of the options.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string> model = new("--model") { Description = "An exported detector.onnx.", HelpName = "DETECTOR.onnx" };
    private readonly Option<string> input = new("--input")
    {
        Description = "An image, a folder of images, a glob, a list (.txt) or table (.csv, .parquet) of paths, or a video.",
        HelpName = "PATH",
    };
    private readonly Option<string> output = new Option<string>("--output")
    {
        Description = "The predictions: .parquet, .csv, .jsonl (JSON Lines), .json (COCO keypoints), .h5 or .deeplabcut.csv (DeepLabCut), "
            + ".slp (SLEAP); - for JSON Lines on standard output.",
        HelpName = "FILE",
    }.ForPredictions();
    private readonly Option<string?> boxes = new("--boxes")
    {
        Description = "Where the subjects are: CSV with frame,track,x,y,width,height, and source for several inputs. "
            + "Else each frame as a whole.",
        HelpName = "FILE.csv",
    };
    private readonly Option<string?> overlays = new Option<string?>("--overlays")
    {
        Description = "A folder for pictures with the skeletons drawn in.",
        HelpName = "DIR",
    }.ForFolder();
    private readonly Option<int> step = new Option<int>("--step")
    {
        Description = "Every n-th frame of videos.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    }.AtLeast(1);
    private readonly Option<int> batch = new Option<int>("--batch")
    {
        Description = "How many crops go through the detector at once.",
        DefaultValueFactory = _ => KeypointDetectorOptions.DefaultBatchSize,
        HelpName = "N",
    }.AtLeast(1);
    private readonly Option<string> device = new("--device")
    {
        Description = "auto, cpu or cuda:ID; only auto may fall back to the CPU.",
        DefaultValueFactory = _ => "auto",
        HelpName = "NAME",
    };
    private readonly Option<string?> job = new("--job")
    {
        Description = "A planned job's folder: finish it, or a share of it, where it was left. "
            + "With a pipeline, plan it first if it is not there.",
        HelpName = "JOB",
    };
    private readonly Option<string?> shard = new("--shard")
    {
        Description = "With --job, which share: i/n, or auto for what Slurm's array or Kubernetes' Indexed Job says. Else everything.",
        HelpName = "auto|i/n",
    };

    private readonly FindOptions find = new();
    private readonly ScoringObservation observation = new();

    private ScoreCommand(CommandContext context) => this.context = context;

    public static Command Create(CommandContext context) => new ScoreCommand(context).Build();

    private Command Build()
    {
        var command = new Command("score", "Finds the keypoints in images and videos.") { pipeline, model, input, output, boxes,
            overlays, step, batch, device, job, shard, context.Threads };
        foreach (Option option in find.Options.Concat(observation.Options))
            command.Add(option);
        device.CompletionSources.Add("auto", "cpu", "cuda:0");
        command.Validators.Add(RequireOneForm);
        shard.Validators.Add(RequireShare);
        command.SetAction((parsed, cancellation) => parsed.GetValue(job) is { } folder
            ? WorkAsync(folder, parsed, cancellation)
            : RunAsync(parsed, cancellation));
        return command;
    }

    private static void RequireShare(OptionResult result)
    {
        try
        {
            // What 'auto' says is known where the work is done.
            if (result.Tokens is [{ Value: not "auto" } share])
                WorkShare.Parse(share.Value, _ => null);
        }
        catch (ArgumentException exception)
        {
            result.AddError($"--shard: {exception.Message}");
        }
    }

    private async Task<int> WorkAsync(string folder, ParseResult parsed, CancellationToken cancellation)
    {
        await using ScoringConsole console = observation.CreateConsole(parsed, context.Error);
        var run = new ScoreJobRun(folder, parsed.GetValue(pipeline), parsed.GetValue(shard), ThreadsOf(parsed));
        using TelemetryExport? export = observation.StartExport(parsed, run.ShareName);
        return await run.RunAsync(console, context, parsed.GetValue(context.Verbose), cancellation);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        ScorePipeline declared = Read(parsed);
        await using ScoringConsole console = observation.CreateConsole(parsed, context.Error);
        using TelemetryExport? export = observation.StartExport(parsed, share: null);
        // Where the rows go to standard output, nothing else does.
        bool toOutput = parsed.GetValue(output) == OptionChecks.StandardOutput;
        TextWriter told = toOutput ? context.Error : context.Out;
        ScoringSummary summary = await declared.RunAsync(
            skeleton => toOutput ? [console, new JsonLinesSink(context.Out, skeleton)] : [console], console, cancellation);
        told.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(toOutput ? "standard output" : string.Join(", ", declared.Outputs))}: {summary.Ok} poses and {summary.Failed} failures in {summary.Frames} "
            + $"frames; {summary.Elapsed.TotalSeconds:F1} s, {summary.FramesPerSecond:F1} frames/s"));
        if (summary.FramesWithoutBox > 0)
        {
            string why = declared.Boxes is { } file ? $"{file} has no box for them" : "no subject was found in them";
            told.WriteLine($"{summary.FramesWithoutBox} of the frames have no row: {why}.");
        }
        return summary.Failed == 0 ? ExitCode.Done : ExitCode.SomeInputsFailed;
    }

    private ScorePipeline Read(ParseResult parsed)
    {
        if (parsed.GetValue(pipeline) is { } path)
        {
            var declared = ScorePipeline.Load(path);
            return declared with
            {
                Threads = ThreadsOf(parsed) ?? declared.Threads,
                Find = find.Read(parsed) ?? declared.Find,
            };
        }
        return new ScorePipeline
        {
            Model = parsed.GetRequiredValue(model),
            Inputs = [new ScoreSource(parsed.GetRequiredValue(input)) { Step = parsed.GetValue(step) }],
            Outputs = parsed.GetRequiredValue(output) is not OptionChecks.StandardOutput and { } file ? [file] : [],
            Boxes = parsed.GetValue(boxes),
            Find = find.Read(parsed),
            Overlays = parsed.GetValue(overlays),
            Batch = parsed.GetValue(batch),
            Threads = parsed.GetValue(context.Threads),
            Device = KeypointDevice.Parse(parsed.GetRequiredValue(device)),
        };
    }

    private int? ThreadsOf(ParseResult parsed) => parsed.GetResult(context.Threads) is null ? null : parsed.GetValue(context.Threads);

    private void RequireOneForm(CommandResult result)
    {
        bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
        Option[] required = [model, input, output];
        find.Check(result, IsGiven(job) ? job : IsGiven(boxes) ? boxes : null);
        if (IsGiven(shard) && !IsGiven(job))
            result.AddError($"{shard.Name} needs {job.Name}: only a planned job has shards.");
        if (result.GetResult(pipeline) is { Tokens.Count: > 0 } || IsGiven(job))
        {
            Option[] given = [.. required.Concat([boxes, overlays, step, batch, device]).Where(IsGiven)];
            if (given.Length > 0)
            {
                result.AddError("A pipeline file or a job says everything itself; "
                    + $"leave out {string.Join(", ", given.Select(option => option.Name))}, or the file or job.");
            }
            return;
        }
        Option[] missing = [.. required.Where(option => !IsGiven(option))];
        if (missing.Length > 0)
        {
            result.AddError("score needs a pipeline file, --job, or --model, --input and --output; missing: "
                + $"{string.Join(", ", missing.Select(option => option.Name))}.");
        }
        if (int.TryParse(TextOf(batch), out int size) && size > KeypointDetectorOptions.MaximumBatchSize)
            result.AddError($"{batch.Name} is {size}; expected at most {KeypointDetectorOptions.MaximumBatchSize}.");
        if (TextOf(device) is { } name && !KeypointDevice.TryParse(name, out _))
            result.AddError($"{device.Name} is '{name}'; expected auto, cpu or cuda:ID.");

        string? TextOf(Option option) => result.GetResult(option)?.Tokens.LastOrDefault()?.Value;
    }
}
