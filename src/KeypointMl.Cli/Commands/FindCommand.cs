using System.CommandLine;
using KeypointMl.Data;
using KeypointMl.Scoring;

namespace KeypointMl.Cli;

/// <summary><c>find VIDEO… --out boxes.csv</c></summary>
internal static class FindCommand
{
    public static Command Create(CommandContext context)
    {
        var videos = new Argument<string[]>("VIDEO")
        {
            Description = "Videos of a camera that stands still, or a glob such as 'videos/*.mp4'.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out") { Description = "The boxes: CSV with frame,track,x,y,width,height,score, and source for several videos.", Required = true, HelpName = "FILE.csv" };
        Option<int?> count = new("--count") { Description = "How many subjects there are, 1 to 100, where it is known.", HelpName = "N" };
        Option<float?> size = new("--size") { Description = "The side of the square boxes in pixels; else learnt from the video.", HelpName = "PX" };
        Option<int> gap = new Option<int>("--max-gap")
        {
            Description = "Without --count: for how many frames a subject that is not seen may come back as the same track.",
            DefaultValueFactory = _ => new SubjectFinderOptions().MaxGap,
            HelpName = "FRAMES",
        }.AtLeast(0);
        var events = new Option<string?>("--events") { Description = "A CSV file of what happened to tracks: frame,event,track,other.", HelpName = "FILE.csv" };
        var overlay = new Option<string?>("--overlay") { Description = "The video, if it is one, with the boxes drawn in.", HelpName = "FILE.mp4" };
        var sheet = new Option<string?>("--sheet") { Description = "A picture of the frames whose boxes are most likely wrong: .png or .jpg.", HelpName = "FILE.png" };
        RequireRange(count, 1, 100);
        RequireRange(size, 4, 1_000_000);
        var command = new Command("find", "Finds the moving subjects of videos without labels: boxes and tracks.") { videos, output, count, size, gap, events, overlay, sheet };
        command.SetAction((parsed, cancellation) =>
        {
            var search = new SubjectSearch
            {
                Boxes = parsed.GetRequiredValue(output),
                Events = parsed.GetValue(events),
                Overlay = parsed.GetValue(overlay),
                Sheet = parsed.GetValue(sheet),
                Options = new SubjectFinderOptions { Count = parsed.GetValue(count), Size = parsed.GetValue(size), MaxGap = parsed.GetValue(gap) },
            };
            (string Path, string Name)[] files = [.. parsed.GetRequiredValue(videos).SelectMany(InputFiles.Find).Select(file => (file.Path, file.Name))];
            int failed = search.Run(files, result => Tell(result, context), cancellation);
            return Task.FromResult(failed == 0 ? ExitCode.Done : failed == files.Length ? ExitCode.Failed : ExitCode.SomeInputsFailed);
        });
        return command;
    }

    private static void Tell(SubjectSearchResult result, CommandContext context)
    {
        if (result.Error is null)
            context.Out.WriteLine(result.ToString());
        else
            context.Note(result.Error);
    }

    private static void RequireRange<T>(Option<T?> option, T least, T most)
        where T : struct, System.Numerics.INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (T.TryParse(result.Tokens.SingleOrDefault()?.Value, System.Globalization.CultureInfo.InvariantCulture, out T value) && !(value >= least && value <= most))
                result.AddError(FormattableString.Invariant($"{option.Name} is {value}; expected {least} to {most}."));
        });
    }
}
