using KeypointMl.Studio.Answers;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Runs;

/// <summary>A training run that is looked at, also while it is being written. Nothing of libtorch is loaded for that.</summary>
/// <param name="id">By what the page knows it.</param>
/// <param name="path">Its folder.</param>
/// <param name="launcher">Goes on with it, and knows who trains it.</param>
internal sealed class WatchedRun(string id, string path, RunLauncher launcher)
{
    /// <summary>By what the page knows it.</summary>
    public string Id => id;

    /// <summary>Its folder.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What it is called.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <summary>The log's file.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "log.jsonl");

    /// <summary>The process that trains it; null where none does, or that cannot be told.</summary>
    public int? Process => launcher.ProcessOf(Path);

    /// <summary>What the process that was started from here said before it failed; null where it did not fail.</summary>
    public string? Fault => launcher.FaultOf(Path);

    /// <summary>Goes on with it.</summary>
    /// <inheritdoc cref="RunLauncher.Resume" path="/exception"/>
    public void Resume() => launcher.Resume(Path);

    /// <summary>Asks the process that trains it to stop as Ctrl-C does: it writes a checkpoint first.</summary>
    /// <inheritdoc cref="RunLauncher.Stop" path="/exception"/>
    public void Stop() => launcher.Stop(Path);

    /// <summary>What can be said of it now.</summary>
    /// <exception cref="IOException">There is no run, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">Something of it is damaged.</exception>
    public ShownRun Describe()
    {
        using var run = RunFolder.Open(Path);
        ReportData report = RunReport.Collect(run);
        return new ShownRun
        {
            Id = Id,
            Name = Name,
            Title = report.Title,
            Summary = report.Summary,
            Protocol = report.Protocol,
            Figures = report.Figures,
            Results = report.Results,
            Breakdowns = [.. report.Breakdowns.Select(ShownBars.Of)],
            Confidence = [.. report.Charts.Where(chart => chart.Along != "step").Select(ShownChart.Of)],
            Provenance = [.. report.Provenance.Select(line => new ShownLine(line.Key, line.Value))],
            Recipe = report.Recipe,
            Steps = StepsOf(run.Recipe),
            Samples = [.. run.ListSamples().Select(sample => System.IO.Path.GetFileName(sample))],
            Resume = launcher.CommandOf(Path),
            CanResume = launcher.IsPossible,
            Process = Process,
        };
    }

    /// <summary>The log as it is now; empty where there is none yet.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public IReadOnlyList<TrainingLogEntry> ReadLog() => File.Exists(LogPath) ? TrainingLog.Read(LogPath) : [];

    /// <summary>A picture of the samples.</summary>
    /// <exception cref="RefusedException">The run has none of that name.</exception>
    public byte[] ReadSample(string name)
    {
        using var run = RunFolder.Open(Path);
        string? sample = run.ListSamples().FirstOrDefault(one => System.IO.Path.GetFileName(one) == name);
        return sample is not null
            ? File.ReadAllBytes(sample)
            : throw new RefusedException(StatusCodes.Status404NotFound, $"The run has no sample '{name}'.");
    }

    private static Dictionary<string, long> StepsOf(Recipe recipe) => new()
    {
        ["regressor_pretraining"] = recipe.RegressorPretraining.Steps,
        ["articulation"] = recipe.Method == TrainingMethod.Distillation ? recipe.Articulation.Steps : 0,
        ["training"] = recipe.Training.Steps,
    };
}

/// <summary>A run for the page.</summary>
internal sealed record ShownRun
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Title { get; init; }

    public required string Summary { get; init; }

    public required string Protocol { get; init; }

    public required IReadOnlyList<ReportFigure> Figures { get; init; }

    public required IReadOnlyList<ReportResult> Results { get; init; }

    public required ShownBars[] Breakdowns { get; init; }

    /// <summary>Risk–coverage and the reliability diagram, where the confidences were measured.</summary>
    public required ShownChart[] Confidence { get; init; }

    public required ShownLine[] Provenance { get; init; }

    public required string Recipe { get; init; }

    /// <summary>How many steps each phase has.</summary>
    public required Dictionary<string, long> Steps { get; init; }

    public required string[] Samples { get; init; }

    /// <summary>The command that goes on with it.</summary>
    public required string Resume { get; init; }

    /// <summary>Whether the page can start it.</summary>
    public required bool CanResume { get; init; }

    /// <summary>The process that trains it; null where none does, or that cannot be told.</summary>
    public required int? Process { get; init; }
}

/// <summary>Curves for the page.</summary>
/// <param name="Title">With the unit.</param>
/// <param name="Along">What the horizontal axis is.</param>
/// <param name="Series">The curves.</param>
internal sealed record ShownChart(string Title, string Along, ShownSeries[] Series)
{
    /// <summary>A report's chart for the page.</summary>
    public static ShownChart Of(ReportChart chart) => new(
        chart.Title, chart.Along,
        [.. chart.Series.Select(one => new ShownSeries(one.Name, [.. one.Points.Select(point => new[] { point.X, point.Value })]))]);
}

/// <summary>A curve.</summary>
internal sealed record ShownSeries(string Name, double[][] Points);

/// <summary>Bars.</summary>
internal sealed record ShownBars(string Title, ShownBar[] Bars)
{
    /// <summary>A report's bars for the page.</summary>
    public static ShownBars Of(ReportBreakdown bars) => new(bars.Title, [.. bars.Bars.Select(bar => new ShownBar(bar.Key, bar.Value))]);
}

/// <summary>A bar.</summary>
internal sealed record ShownBar(string Name, double Value);

/// <summary>A name and a text.</summary>
internal sealed record ShownLine(string Name, string Text);
