using KeypointMl.Cli.Progress;
using KeypointMl.Training.Runs;
using Spectre.Console;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class ProgressTests
{
    private static readonly KeyValuePair<string, double>[] Losses = [new("reconstruction", 0.8412), new("adversarial", 12.345)];

    [TestMethod]
    public void Plain_progress_writes_a_line_every_interval_and_the_last_step()
    {
        var time = new ManualTime();
        var writer = new StringWriter { NewLine = "\n" };
        using var progress = new PlainProgress(writer, TimeSpan.FromSeconds(5), time);

        progress.Begin(TrainingPhase.Training, 0, 8);
        for (int step = 1; step <= 8; step++)
        {
            time.Advance(2);
            progress.Report(new ProgressUpdate(step, 16, Losses));
        }
        progress.Note("checkpoint written");

        const string expected = """
            training: 8 steps
            training 3/8  reconstruction 0.841  adversarial 12.3  8.00 images/s  0:10 left
            training 6/8  reconstruction 0.841  adversarial 12.3  8.00 images/s  0:04 left
            training 8/8  reconstruction 0.841  adversarial 12.3  8.00 images/s  0:00 left
            checkpoint written

            """;
        Assert.AreEqual(expected.ReplaceLineEndings("\n"), writer.ToString());
    }

    [TestMethod]
    public void Plain_progress_after_resume_counts_only_new_steps_for_the_pace()
    {
        var time = new ManualTime();
        var writer = new StringWriter { NewLine = "\n" };
        using var progress = new PlainProgress(writer, TimeSpan.Zero, time);

        progress.Begin(TrainingPhase.RegressorPretraining, 1000, 1100);
        time.Advance(1);
        progress.Report(new ProgressUpdate(1001, 0, Losses));

        Assert.AreEqual("pre-training η: goes on after step 1000 of 1100\npre-training η 1001/1100  reconstruction 0.841  "
            + "adversarial 12.3  1.00 steps/s  1:39 left\n", writer.ToString());
    }

    [TestMethod]
    public void Pace_forgets_what_is_older_than_half_a_minute()
    {
        var time = new ManualTime();
        var pace = new PaceMeter(time, 0, 1000);
        time.Advance(600);
        pace.Update(new ProgressUpdate(1, 1, []));
        Assert.AreEqual(1 / 600.0, pace.StepsPerSecond, 1e-12);

        for (int step = 2; step <= 101; step++)
        {
            time.Advance(1);
            pace.Update(new ProgressUpdate(step, 1, []));
        }

        Assert.AreEqual(1, pace.StepsPerSecond, 1e-12);
        Assert.AreEqual(TimeSpan.FromSeconds(899), pace.Remaining);
    }

    [TestMethod]
    [DataRow(0, "0")]
    [DataRow(0.00012, "1.20E-4")]
    [DataRow(0.5, "0.500")]
    [DataRow(-3.14159, "-3.14")]
    [DataRow(99.94, "99.9")]
    [DataRow(12345.6, "12346")]
    [DataRow(double.NaN, "NaN")]
    public void Number_has_three_significant_digits(double value, string expected) => Assert.AreEqual(expected, ProgressText.Number(value));

    [TestMethod]
    [DataRow(5, "0:05")]
    [DataRow(125, "2:05")]
    [DataRow(3725, "1:02:05")]
    [DataRow(90000, "25:00:00")]
    public void Duration_is_short(int seconds, string expected) =>
    Assert.AreEqual(expected, ProgressText.Duration(TimeSpan.FromSeconds(seconds)));

    [TestMethod]
    public void Terminal_progress_draws_bar_losses_and_notes()
    {
        var time = new ManualTime();
        var writer = new StringWriter();

        using (var progress = new TerminalProgress(Terminal(writer), time))
        {
            progress.Begin(TrainingPhase.RegressorPretraining, 0, 1);
            progress.Report(new ProgressUpdate(1, 4, []));
            progress.Begin(TrainingPhase.Training, 0, 10);
            time.Advance(1);
            progress.Report(new ProgressUpdate(5, 16, Losses));
            progress.Note("[evaluation] 2.5 %");
        }

        string output = writer.ToString();
        Assert.Contains("pre-training η", output);
        Assert.Contains("5/10  16.0 images/s  0:01 left", output);
        Assert.Contains("reconstruction 0.841  adversarial 12.3", output);
        Assert.Contains("[evaluation] 2.5 %", output);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void Results_that_are_printed_behind_the_last_step_are_not_drawn_over(int done)
    {
        var writer = new StringWriter { NewLine = "\n" };

        using (var progress = new TerminalProgress(Terminal(writer), new ManualTime()))
        {
            progress.Begin(TrainingPhase.Training, done, 2);
            for (int step = done + 1; step <= 2; step++)
                progress.Report(new ProgressUpdate(step, 16, Losses));
            writer.WriteLine("Report: quickstart/report.html");
        }

        Assert.EndsWith("Report: quickstart/report.html\n", writer.ToString());
    }

    private static IAnsiConsole Terminal(StringWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 100;
        return console;
    }

    [TestMethod]
    public void Terminal_progress_elsewhere_is_plain_lines()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(new StringWriter()) });

        using ITrainingProgress progress = TerminalProgress.For(console, TextWriter.Null);

        Assert.IsInstanceOfType<PlainProgress>(progress);
    }
}
