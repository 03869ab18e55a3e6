using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Cli.Commands;

/// <summary><c>find VIDEO… --out boxes.csv</c></summary>
internal sealed class FindCommand
{
    private readonly CommandContext context;
    private readonly Argument<string[]> videos = new("VIDEO")
    {
        Description = "Videos of a camera that stands still, a folder of them, or a glob such as 'videos/*.mp4'.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> output = new Option<string>("--out")
    {
        Description = "The boxes: CSV with frame,track,x,y,width,height,score, and source for several videos.",
        Required = true,
        HelpName = "FILE.csv",
    }.ForOutput();
    private readonly Option<int?> count = new Option<int?>("--count")
    {
        Description = "How many subjects there are, 1 to 100, where it is known.",
        HelpName = "N",
    }.Within(1, 100);
    private readonly Option<float?> size = new Option<float?>("--size")
    {
        Description = "The side of the square boxes in pixels; else learnt from the video.",
        HelpName = "PX",
    }.Within(4, 1_000_000);
    private readonly Option<int> gap = new Option<int>("--max-gap")
    {
        Description = "Without --count: for how many frames a subject that is not seen may come back as the same track.",
        DefaultValueFactory = _ => new SubjectFinderOptions().MaxGap,
        HelpName = "FRAMES",
    }.AtLeast(0);
    private readonly Option<string?> events = new Option<string?>("--events")
    {
        Description = "A CSV file of what happened to tracks: frame,event,track,other.",
        HelpName = "FILE.csv",
    }.ForOutput();
    private readonly Option<string?> overlay = new Option<string?>("--overlay")
    {
        Description = "The video, if it is one, with the boxes drawn in.",
        HelpName = "FILE.mp4",
    }.ForOutput(OutputPath.Videos);
    private readonly Option<string?> sheet = new Option<string?>("--sheet")
    {
        Description = "A picture of the frames whose boxes are most likely wrong: .png or .jpg.",
        HelpName = "FILE.png",
    }.ForOutput(OutputPath.Pictures);

    private FindCommand(CommandContext context) => this.context = context;

    public static Command Create(CommandContext context) => new FindCommand(context).Build();

    private Command Build()
    {
        var command = new Command("find", "Finds the moving subjects of videos without labels: boxes and tracks.");
        command.Add(videos);
        foreach (Option option in (Option[])[output, count, size, gap, events, overlay, sheet, context.Threads])
            command.Add(option);
        command.Validators.Add(result => result.RequireApart(output, events, overlay, sheet));
        command.Validators.Add(result => FindOptions.RequireOneEnd(result, count, gap));
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var search = new SubjectSearch
        {
            Boxes = parsed.GetRequiredValue(output),
            Events = parsed.GetValue(events),
            Overlay = parsed.GetValue(overlay),
            Sheet = parsed.GetValue(sheet),
            Options = new SubjectFinderOptions
            {
                Count = parsed.GetValue(count),
                Size = parsed.GetValue(size),
                MaxGap = parsed.GetValue(gap),
                Threads = parsed.GetValue(context.Threads),
            },
        };
        IReadOnlyList<InputFile> files = VideoInputs.Find(parsed.GetRequiredValue(videos), context.Note);
        int failed = search.Run([.. files.Select(file => (file.Path, file.Name))], Tell, cancellation);
        return failed == 0 ? ExitCode.Done : failed == files.Count ? ExitCode.Failed : ExitCode.SomeInputsFailed;
    }

    private void Tell(SubjectSearchResult result)
    {
        if (result.Error is null)
            context.Out.WriteLine(result.ToString());
        else
            context.Note(result.Error);
    }
}
