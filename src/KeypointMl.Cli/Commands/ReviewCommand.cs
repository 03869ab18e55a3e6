using System.CommandLine;
using System.Globalization;
using KeypointMl.Cli.Running;
using KeypointMl.Scoring.Review;

namespace KeypointMl.Cli.Commands;

/// <summary><c>review PREDICTIONS --out review.html</c></summary>
internal sealed class ReviewCommand
{
    private readonly CommandContext context;
    private readonly Argument<string> predictions = new("PREDICTIONS")
    {
        Description = "What 'score' wrote: .parquet, .csv, .jsonl or .json; or poses of another tool (.slp, .h5).",
    };
    private readonly Option<string> page = new Option<string>("--out")
    {
        Description = "The page: one HTML file that needs nothing else.",
        Required = true,
        HelpName = "FILE.html",
    }.ForOutput();
    private readonly Option<string?> table = new Option<string?>("--csv")
    {
        Description = "The same list as CSV: source,frame,time,track,score,reasons,keypoints.",
        HelpName = "FILE.csv",
    }.ForOutput();
    private readonly Option<string[]> inputs = new("--input")
    {
        Description = "The images and videos that were scored, as they were given then; several may be given. "
            + "Else they are looked for by their names beside the predictions and in the current folder.",
        HelpName = "PATH",
    };
    private readonly Option<string?> model = new("--model")
    {
        Description = "The detector, which knows the skeleton; Parquet files know it themselves.",
        HelpName = "DETECTOR.onnx",
    };
    private readonly Option<string?> events = new("--events")
    {
        Description = "What happened to tracks, as 'find --events' writes it; else gaps, beginnings and ends are seen in the predictions.",
        HelpName = "FILE.csv",
    };
    private readonly Option<int?> count = new Option<int?>("--count")
    {
        Description = $"How many frames are shown at most; {PredictionReview.DefaultCount} where not given.",
        HelpName = "N",
    }.Within(1, 1000);
    private readonly Option<float?> threshold = new Option<float?>("--threshold")
    {
        Description = "A confidence below this counts as low, where the keypoint usually has more; "
            + string.Create(CultureInfo.InvariantCulture, $"{PredictionReview.DefaultThreshold} where not given."),
        HelpName = "C",
    }.Within(0, 1);
    private readonly Option<int?> apart = new Option<int?>("--apart")
    {
        Description = "How many scored frames two of the same track with the same gravest reason are apart, at least; "
            + $"{PredictionReview.DefaultApart} where not given.",
        HelpName = "FRAMES",
    }.Within(1, int.MaxValue);

    private ReviewCommand(CommandContext context) => this.context = context;

    public static Command Create(CommandContext context) => new ReviewCommand(context).Build();

    private Command Build()
    {
        var command = new Command("review", "Shows the frames whose keypoints most likely are wrong, on one HTML page.") { predictions };
        foreach (Option option in (Option[])[page, table, inputs, model, events, count, threshold, apart])
            command.Add(option);
        command.Validators.Add(result => result.RequireApart(page, table));
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var review = new PredictionReview
        {
            Predictions = parsed.GetRequiredValue(predictions),
            Page = parsed.GetRequiredValue(page),
            Table = parsed.GetValue(table),
            Inputs = [.. parsed.GetValue(inputs) ?? []],
            Model = parsed.GetValue(model),
            Events = parsed.GetValue(events),
            Count = parsed.GetValue(count) ?? PredictionReview.DefaultCount,
            Threshold = parsed.GetValue(threshold) ?? PredictionReview.DefaultThreshold,
            Apart = parsed.GetValue(apart) ?? PredictionReview.DefaultApart,
        };
        ReviewSummary summary = await review.RunAsync(cancellation);
        foreach (string note in summary.Notes)
            context.Note(note);
        context.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{review.Page}: {summary.Listed} of {summary.Doubtful} doubtful rows, of {summary.Rows} in {summary.Tracks} tracks; "
            + $"{summary.Failed} rows have no keypoints"));
        return ExitCode.Done;
    }
}
