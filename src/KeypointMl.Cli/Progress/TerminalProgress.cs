using System.Globalization;
using KeypointMl.Training.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace KeypointMl.Cli.Progress;

/// <summary>A live bar with losses, speed and remaining time on a terminal; what is noted scrolls above it.</summary>
public sealed class TerminalProgress : ITrainingProgress
{
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(200);
    private readonly IAnsiConsole console;
    private readonly TimeProvider time;
    private LiveBar? bar;
    private PaceMeter? pace;
    private TrainingPhase phase;
    private long steps;
    private long lastFrame;

    /// <summary>Makes the display; nothing is drawn before <see cref="Begin"/>.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public TerminalProgress(IAnsiConsole console, TimeProvider? time = null)
    {
        this.console = console;
        this.time = time ?? TimeProvider.System;
    }

    /// <summary>The display for a writer of this process: the bar on a terminal, plain lines elsewhere.</summary>
    /// <param name="console">The terminal, if it is one.</param>
    /// <param name="writer">Takes the plain lines.</param>
    public static ITrainingProgress For(IAnsiConsole console, TextWriter writer) =>
        console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi ? new TerminalProgress(console) : new PlainProgress(writer);

    /// <inheritdoc/>
    public void Begin(TrainingPhase phase, long done, long steps)
    {
        bar?.Dispose();
        (this.phase, this.steps) = (phase, steps);
        pace = new PaceMeter(time, done, steps);
        lastFrame = 0;
        bar = new LiveBar(console, Draw(done, []));
        EndBehind(done);
    }

    /// <inheritdoc/>
    public void Report(in ProgressUpdate update)
    {
        if (pace is null)
            throw new InvalidOperationException($"{nameof(Begin)} must be called before {nameof(Report)}.");
        pace.Update(update);
        if (bar is null || lastFrame != 0 && time.GetElapsedTime(lastFrame) < FrameInterval && update.Step < steps)
            return;
        lastFrame = time.GetTimestamp();
        bar.Show(Draw(update.Step, update.Losses));
        EndBehind(update.Step);
    }

    /// <inheritdoc/>
    public void Note(string message) => console.WriteLine(message);

    /// <inheritdoc/>
    public void Dispose() => bar?.Dispose();

    // Results may be printed behind the last step, and a bar that goes on is drawn over them.
    private void EndBehind(long step)
    {
        if (step < steps)
            return;
        bar?.Dispose();
        bar = null;
    }

    private Rows Draw(long step, IReadOnlyList<KeyValuePair<string, double>> losses)
    {
        string name = ProgressText.PhaseName(phase);
        string state = string.Create(CultureInfo.InvariantCulture, $"{step}/{steps}  {ProgressText.Pace(pace!)}");
        int width = Math.Clamp(console.Profile.Width - name.Length - state.Length - 4, 10, 40);
        int filled = steps == 0 ? width : (int)(width * step / steps);
        IRenderable line = new Markup(
            $"{Markup.Escape(name)} [green]{new string('━', filled)}[/][grey]{new string('━', width - filled)}[/] {Markup.Escape(state)}");
        return new Rows(line, new Text("  " + ProgressText.Losses(losses), new Style(Color.Grey)));
    }
}
