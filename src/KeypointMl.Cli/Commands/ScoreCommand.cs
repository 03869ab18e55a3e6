using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using KeypointMl.Inference;
using KeypointMl.Scoring;

namespace KeypointMl.Cli;

/// <summary><c>score PIPELINE.yaml</c>, or <c>score --model M --input PATH --output FILE</c></summary>
internal sealed class ScoreCommand
{
    private readonly CommandContext context;
    private readonly Argument<string?> pipeline = new("PIPELINE.yaml") { Description = "A declared pipeline, instead of the options.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> model = new("--model") { Description = "An exported detector.onnx.", HelpName = "DETECTOR.onnx" };
    private readonly Option<string> input = new("--input") { Description = "An image, a folder of images, a glob, a .txt list of paths, or a video.", HelpName = "PATH" };
    private readonly Option<string> output = new("--output") { Description = "The predictions: .parquet, .csv, .jsonl (JSON Lines) or .json (COCO keypoints).", HelpName = "FILE" };
    private readonly Option<string?> boxes = new("--boxes") { Description = "Where the subjects are: CSV with frame,track,x,y,width,height, and source for several inputs. Else each frame as a whole.", HelpName = "FILE.csv" };
    private readonly Option<string?> overlays = new("--overlays") { Description = "A folder for pictures with the skeletons drawn in.", HelpName = "DIR" };
    private readonly Option<int> step = new Option<int>("--step") { Description = "Every n-th frame of videos.", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
    private readonly Option<int> batch = new Option<int>("--batch") { Description = "How many crops go through the detector at once.", DefaultValueFactory = _ => KeypointDetectorOptions.DefaultBatchSize, HelpName = "N" }.AtLeast(1);
    private readonly Option<string> device = new("--device") { Description = "auto, cpu or cuda:ID; only auto may fall back to the CPU.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };

    private ScoreCommand(CommandContext context) => this.context = context;

    public static Command Create(CommandContext context) => new ScoreCommand(context).Build();

    private Command Build()
    {
        var command = new Command("score", "Finds the keypoints in images and videos.") { pipeline, model, input, output, boxes, overlays, step, batch, device };
        command.Validators.Add(RequireOneForm);
        command.SetAction((parsed, cancellation) => RunAsync(Read(parsed), cancellation));
        return command;
    }

    private async Task<int> RunAsync(ScorePipeline job, CancellationToken cancellation)
    {
        await using var console = new ScoringConsole(context.Error);
        ScoringSummary summary = await job.RunAsync([console], note => context.Error.WriteLine($"keypointml: {note}"), cancellation);
        context.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{job.Output}: {summary.Ok} poses and {summary.Failed} failures in {summary.Frames} frames; {summary.Elapsed.TotalSeconds:F1} s, {summary.FramesPerSecond:F1} frames/s"));
        if (summary.FramesWithoutBox > 0)
            context.Out.WriteLine($"{summary.FramesWithoutBox} of the frames have no row: {job.Boxes} has no box for them.");
        return summary.Failed == 0 ? ExitCode.Done : ExitCode.SomeInputsFailed;
    }

    private ScorePipeline Read(ParseResult parsed)
    {
        if (parsed.GetValue(pipeline) is { } file)
        {
            var declared = ScorePipeline.Load(file);
            return parsed.GetResult(context.Threads) is null ? declared : declared with { Threads = parsed.GetValue(context.Threads) };
        }
        return new ScorePipeline
        {
            Model = parsed.GetRequiredValue(model),
            Input = parsed.GetRequiredValue(input),
            Output = parsed.GetRequiredValue(output),
            Boxes = parsed.GetValue(boxes),
            Overlays = parsed.GetValue(overlays),
            Step = parsed.GetValue(step),
            Batch = parsed.GetValue(batch),
            Threads = parsed.GetValue(context.Threads),
            Device = KeypointDevice.Parse(parsed.GetRequiredValue(device)),
        };
    }

    private void RequireOneForm(CommandResult result)
    {
        bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
        Option[] required = [model, input, output];
        if (result.GetResult(pipeline) is { Tokens.Count: > 0 })
        {
            Option[] given = [.. required.Concat([boxes, overlays, step, batch, device]).Where(IsGiven)];
            if (given.Length > 0)
                result.AddError($"A pipeline file says everything itself; leave out {string.Join(", ", given.Select(option => option.Name))}, or the file.");
            return;
        }
        Option[] missing = [.. required.Where(option => !IsGiven(option))];
        if (missing.Length > 0)
            result.AddError($"score needs a pipeline file, or --model, --input and --output; missing: {string.Join(", ", missing.Select(option => option.Name))}.");
        if (int.TryParse(TextOf(batch), out int size) && size > KeypointDetectorOptions.MaximumBatchSize)
            result.AddError($"{batch.Name} is {size}; expected at most {KeypointDetectorOptions.MaximumBatchSize}.");
        if (TextOf(device) is { } name && !KeypointDevice.TryParse(name, out _))
            result.AddError($"{device.Name} is '{name}'; expected auto, cpu or cuda:ID.");

        string? TextOf(Option option) => result.GetResult(option)?.Tokens.SingleOrDefault()?.Value;
    }
}
