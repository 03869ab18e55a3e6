using System.Runtime.InteropServices;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Export;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Experiments;

/// <summary>
/// Runs what is not done yet of an experiment, and writes its table after every run. Results are in
/// <see cref="ResultsLedger"/>; a run that was interrupted goes on from its checkpoint. Several processes may work on
/// one folder: a run that another one trains is left to it.
/// </summary>
/// <param name="experiment">The experiment.</param>
/// <param name="options">Where, and which part of it.</param>
/// <param name="newProgress">Shows the progress of one run.</param>
/// <param name="output">Receives a line for every run.</param>
public sealed class ExperimentRunner(
    Experiment experiment, ExperimentOptions options, Func<ITrainingProgress> newProgress, TextWriter output)
{
    private readonly ExperimentPlan plan = ExperimentPlan.Create(experiment, options.Seeds);
    private readonly List<string> problems = [];
    private (string Key, IDataset Dataset)? opened;

    /// <summary>Runs until all is done, or it is asked to stop.</summary>
    /// <param name="cancellation">Asks to write a checkpoint and stop.</param>
    /// <exception cref="ArgumentException"><see cref="ExperimentOptions.Only"/> has a row that the experiment has not.</exception>
    /// <exception cref="IOException">The folder cannot be written, or no data set that is needed is there.</exception>
    /// <exception cref="InvalidDataException">The ledger cannot be read.</exception>
    public ExperimentSummary Run(CancellationToken cancellation = default)
    {
        RequireRows();
        IReadOnlyList<PlannedRun> runs = plan.Order(options.Only);
        var folder = new ExperimentFolder(options.Folder);
        IReadOnlySet<string> absent = options.Train ? FindAbsentData(runs, folder.Ledger.Read()) : new HashSet<string>();
        var inUse = new List<PlannedRun>();
        bool stopped = false;
        for (int i = 0; options.Train && i < runs.Count && !stopped; i++)
        {
            PlannedRun run = runs[i];
            if (absent.Contains(run.Recipe.Data.Manifest) || !IsToTrain(folder, run, runs))
                continue;
            output.WriteLine($"run {i + 1} of {runs.Count}: {run.Recipe.Name}");
            if (run.First is { } first && !folder.IsTrained(first))
            {
                output.WriteLine("  waits for its first stage");
                continue;
            }
            try
            {
                stopped = !Train(folder, run, cancellation);
            }
            catch (RunInUseException)
            {
                output.WriteLine("  another process trains it");
                inUse.Add(run);
            }
            ExperimentTableWriter.Write(ExperimentTable.Collect(experiment, plan, folder.Ledger.Read()), folder, plan);
        }
        IReadOnlyDictionary<string, LedgerEntry> results = folder.Ledger.Read();
        ExperimentTableWriter.Write(ExperimentTable.Collect(experiment, plan, results), folder, plan);
        problems.AddRange(runs.Select(run => results.GetValueOrDefault(run.Key)).OfType<LedgerEntry>()
            .Where(entry => entry.Outcome != RunOutcome.Finished)
            .Select(entry => $"{entry.Run}: {WordOf(entry.Outcome)}: {entry.Message}"));
        return new ExperimentSummary(runs.Count(run => results.GetValueOrDefault(run.Key)?.Outcome == RunOutcome.Finished),
            runs.Count, problems, inUse.Count(run => !results.ContainsKey(run.Key)), stopped, folder.MarkdownPath);
    }

    private void RequireRows()
    {
        foreach (string name in options.Only ?? [])
        {
            if (experiment.Rows.All(row => row.Name != name))
            {
                throw new ArgumentException(
                    $"There is no row '{name}' in {experiment.Source}; "
                    + $"its rows are {string.Join(", ", experiment.Rows.Select(row => $"'{row.Name}'"))}.");
            }
        }
    }

    private static bool IsDone(ExperimentFolder folder, PlannedRun run) =>
        Outcome(folder, run) is RunOutcome.Finished or RunOutcome.Diverged;

    private static RunOutcome? Outcome(ExperimentFolder folder, PlannedRun run) => folder.Ledger.Read().GetValueOrDefault(run.Key)?.Outcome;

    /// <summary>Whether a run has no result that is wanted, or another one is to start from its networks, which are not there.</summary>
    private bool IsToTrain(ExperimentFolder folder, PlannedRun run, IReadOnlyList<PlannedRun> runs)
    {
        if (runs.Any(later => later.First?.Key == run.Key && !IsDone(folder, later)))
            return !IsDone(folder, run) || (Outcome(folder, run) == RunOutcome.Finished && !folder.IsTrained(run));
        return !IsDone(folder, run) && plan.Cells.Any(cell => cell.Runs.Any(shown => shown.Key == run.Key));
    }

    /// <summary>The manifests of which files are missing; each is reported once.</summary>
    private HashSet<string> FindAbsentData(IReadOnlyList<PlannedRun> runs, IReadOnlyDictionary<string, LedgerEntry> results)
    {
        ILookup<string, PlannedRun> open = runs.Where(run => results.GetValueOrDefault(run.Key)?.Outcome is null or RunOutcome.Failed)
            .ToLookup(run => run.Recipe.Data.Manifest);
        var absent = new HashSet<string>();
        foreach (IGrouping<string, PlannedRun> group in open)
        {
            if (Missing(group.Key) is not { } message)
                continue;
            absent.Add(group.Key);
            problems.Add($"{group.Count()} runs wait for data: {message}");
        }
        return open.Count > 0 && absent.Count == open.Count && results.Count == 0
            ? throw new IOException(string.Join("\n", problems))
            : absent;
    }

    private string? Missing(string manifestPath)
    {
        var manifest = DataManifest.Load(ShippedFiles.Find(manifestPath));
        try
        {
            List<FileFinding> bad = [.. manifest.Check(options.DataRoot, hash: false).Where(finding => finding.Status != FileStatus.Ok)];
            return bad.Count == 0
                ? null
                : $"{bad.Count} of the files of {manifest.Name} are not as {manifest.Path} says ({bad[0].Message}). "
                + $"How to obtain them: {manifest.Obtain.Trim()}";
        }
        catch (DirectoryNotFoundException exception)
        {
            return $"{manifest.Name}: {exception.Message}";
        }
    }

    /// <returns>False if it was asked to stop.</returns>
    private bool Train(ExperimentFolder folder, PlannedRun planned, CancellationToken cancellation)
    {
        RunFolder? run = null;
        try
        {
            bool wasDone = IsDone(folder, planned);
            run = folder.Open(planned);
            // Another process may have finished it between the look at the ledger and the lock.
            if (!wasDone && IsDone(folder, planned))
                return true;
            TrainingResult result;
            using (ITrainingProgress progress = newProgress())
                result = new Trainer(run, Open(run.Recipe, cancellation), progress, options.Device
                    ?? TrainingDevice.Open(planned.Recipe.Training.Device)).Train(cancellation);
            if (!result.Finished)
                return false;
            ReportWriter.Write(RunReport.Collect(run), run.ReportPath);
            folder.Ledger.Append(Entry(planned, RunOutcome.Finished, null, result.Elapsed.TotalSeconds) with
            {
                RecipeSha256 = run.Recipe.Hash,
                Metrics = RunReport.ReadMetrics(run.MetricsPath),
                Postprocessed = RunReport.ReadMetrics(run.PostprocessedMetricsPath),
            });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (TrainingDivergedException exception)
        {
            Record(RunOutcome.Diverged, exception.Finding);
        }
        // What one run cannot do must not keep the others from being run; the next call tries it again.
        catch (Exception exception) when (exception is RecipeException or NumericsException { InstructionSet: null }
            || exception is not RunInUseException and (IOException or UnauthorizedAccessException
            or InvalidDataException or InvalidOperationException or NotSupportedException or ArgumentException or ExternalException))
        {
            Record(RunOutcome.Failed, exception.Message);
        }
        finally
        {
            run?.Dispose();
        }
        return true;

        // A first stage that is trained once more, because its folder is gone, has its result; that it fails is no other one.
        void Record(RunOutcome outcome, string message)
        {
            if (IsDone(folder, planned))
                problems.Add($"{planned.Recipe.Name}: trained once more, {WordOf(outcome)}: {message}");
            else
                folder.Ledger.Append(Entry(planned, outcome, message, Seconds(run)));
        }
    }

    private static string WordOf(RunOutcome outcome) => outcome == RunOutcome.Diverged ? "diverged" : "failed";

    /// <summary>The data set of a recipe; the last one stays open for the next run.</summary>
    private IDataset Open(Recipe recipe, CancellationToken cancellation)
    {
        string key = FormattableString.Invariant($"{recipe.Data.Manifest} {recipe.Size} {recipe.Data.Seed ?? recipe.Seed}");
        if (opened?.Key != key)
            opened = (key, RecipeData.Open(recipe, options.DataRoot, cancellation, options.Note));
        return opened.Value.Dataset;
    }

    private static LedgerEntry Entry(PlannedRun run, RunOutcome outcome, string? message, double seconds) => new()
    {
        Key = run.Key,
        Run = run.Recipe.Name,
        Seed = run.Recipe.Seed,
        Outcome = outcome,
        Message = message,
        RecipeSha256 = run.Recipe.Hash,
        Data = run.Recipe.Data.Manifest,
        Steps = run.Recipe.Training.Steps,
        Seconds = Math.Round(seconds, 1),
        Ended = DateTimeOffset.UtcNow,
        Versions = Provenance.Versions(),
    };

    // For the record of a run that did not end well, which must not fail on a log that cannot be read.
    private static double Seconds(RunFolder? run)
    {
        try
        {
            return run is not null && File.Exists(run.LogPath) ? TrainingLog.Read(run.LogPath).LastOrDefault()?.Seconds ?? 0 : 0;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
