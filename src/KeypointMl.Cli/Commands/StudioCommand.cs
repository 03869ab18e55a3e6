using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using KeypointMl.Cli.Running;
using KeypointMl.Studio;
using KeypointMl.Studio.Hosting;

namespace KeypointMl.Cli.Commands;

/// <summary><c>studio [PATH…] [--model DETECTOR.onnx]… [--run RUN]… [--predictions FILE]…</c></summary>
internal sealed class StudioCommand
{
    private readonly CommandContext context;
    private readonly Argument<string[]> files = new("PATH")
    {
        Description = "Images, videos and folders to look at; the page sees nothing else.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string[]> models = Several(
        "--model", "A detector, or its folder; a generator.onnx beside it is played with.", "DETECTOR.onnx");
    private readonly Option<string[]> runs = Several("--run", "A training run to watch; several are drawn over each other.", "RUN");
    private readonly Option<string[]> jobs = Several("--job", "A finished scoring job, whose rows are shown over its videos.", "JOB");
    private readonly Option<string[]> predictions = Several(
        "--predictions", "What 'score' wrote, or poses of another tool (.slp, .h5, .csv, .json), shown over their videos.", "FILE");
    private readonly Option<string?> boxes = new("--boxes")
    {
        Description = "Where the subjects are: what 'find' wrote, or a tracker.",
        HelpName = "FILE.csv",
    };
    private readonly Option<string?> skeleton = new Option<string?>("--skeleton")
    {
        Description = "The skeleton to draw poses with where there is no model: a YAML file, or the name of a shipped one.",
        HelpName = "NAME",
    }.Completing(ManifestLookup.Skeletons);
    private readonly Option<string> save = new("--save")
    {
        Description = "The folder that labels and predictions are saved in.",
        DefaultValueFactory = _ => new StudioOptions().SaveFolder,
        HelpName = "DIR",
    };
    private readonly Option<int?> port = new Option<int?>("--port")
    {
        Description = "The port on this machine's own address; any that is free where not given.",
        HelpName = "N",
    }.Within(1, 65_535);
    private readonly Option<bool> quiet = new("--no-browser") { Description = "Print the address, and open no browser." };

    private StudioCommand(CommandContext context) => this.context = context;

    public static Command Create(CommandContext context) => new StudioCommand(context).Build();

    private Command Build()
    {
        var command = new Command(
            "studio", "Opens a page in the browser: to look at keypoints, correct them, watch runs and see what to trust.");
        command.Add(files);
        foreach (Option option in (Option[])[models, runs, jobs, predictions, boxes, skeleton, save, context.DataRoot, port, quiet,
            context.Threads])
            command.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using StudioServer studio = await StudioServer.StartAsync(new StudioOptions
        {
            Files = parsed.GetValue(files) ?? [],
            Models = parsed.GetValue(models) ?? [],
            Runs = parsed.GetValue(runs) ?? [],
            Starter = arguments => [.. WorkerProcesses.OwnProgram, .. arguments, WorkerProcesses.StopOption],
            DataRoot = parsed.GetValue(context.DataRoot),
            Jobs = parsed.GetValue(jobs) ?? [],
            Predictions = parsed.GetValue(predictions) ?? [],
            Boxes = parsed.GetValue(boxes),
            Skeleton = parsed.GetValue(skeleton),
            SaveFolder = parsed.GetRequiredValue(save),
            Port = parsed.GetValue(port) ?? 0,
            Threads = parsed.GetValue(context.Threads),
        }, cancellation);
        context.Out.WriteLine($"{studio.Address}");
        context.Note("The page is for whoever has this address. Ctrl-C ends it.");
        if (!parsed.GetValue(quiet))
            OpenBrowser(studio.IssueAddress());
        // Whoever ends it has what was saved: that is how it is meant to end.
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ContinueWith(_ => { }, CancellationToken.None);
        return ExitCode.Done;
    }

    private void OpenBrowser(Uri address)
    {
        bool hasDesktop = !OperatingSystem.IsLinux()
            || new[] { "DISPLAY", "WAYLAND_DISPLAY" }.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        if (!hasDesktop)
            return;
        try
        {
            Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true })?.Dispose();
        }
        catch (Win32Exception error)
        {
            context.Note($"No browser could be opened ({error.Message}); open the address yourself.");
        }
    }

    private static Option<string[]> Several(string name, string description, string help) => new(name)
    {
        Description = $"{description} Several may be given.",
        HelpName = help,
        DefaultValueFactory = _ => [],
    };
}
