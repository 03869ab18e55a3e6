using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using IOPath = System.IO.Path;

namespace KeypointMl.Training.Experiments;

/// <summary>An experiment's folder: <c>results.jsonl</c>, <c>table.md</c>, <c>table.csv</c>, <c>report.html</c> and <c>runs/</c>.</summary>
internal sealed class ExperimentFolder
{
    public ExperimentFolder(string path)
    {
        Path = path;
        Directory.CreateDirectory(RunsPath);
        Ledger = new ResultsLedger(IOPath.Combine(path, "results.jsonl"));
    }

    public string Path { get; }

    public ResultsLedger Ledger { get; }

    public string MarkdownPath => IOPath.Combine(Path, "table.md");

    public string CsvPath => IOPath.Combine(Path, "table.csv");

    public string ReportPath => IOPath.Combine(Path, "report.html");

    private string RunsPath => IOPath.Combine(Path, "runs");

    /// <summary>The folder of a run that was begun, or null.</summary>
    public string? Find(PlannedRun run) =>
        Directory.EnumerateDirectories(RunsPath, "*-" + run.FolderSuffix).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Whether a run's folder is there with the checkpoint of its last step, so that a second stage can start from it.</summary>
    public bool IsTrained(PlannedRun run)
    {
        if (Find(run) is not { } path)
            return false;
        CheckpointFile? newest = new CheckpointFolder(IOPath.Combine(path, "checkpoints")).List().FirstOrDefault();
        return newest is { Phase: TrainingPhase.Training } && newest.Step >= run.Recipe.Training.Steps;
    }

    /// <summary>Goes on with a run, or begins it; its first stage must be trained.</summary>
    /// <exception cref="RunInUseException">Another process trains it.</exception>
    public RunFolder Open(PlannedRun run)
    {
        string path = Find(run) ?? IOPath.Combine(RunsPath, $"{Slug(run.Recipe.Name)}-{run.FolderSuffix}");
        if (!RunFolder.IsRun(path))
            return RunFolder.Create(path, run.First is null ? run.Recipe : StartingFrom(run.Recipe, Find(run.First)!));
        RunFolder begun = RunFolder.Resume(path);
        if (run.Is(begun.Recipe))
            return begun;
        begun.Dispose();
        throw new InvalidDataException(
            $"The run '{path}' has another recipe than the experiment says. Remove the folder, and it is trained anew.");
    }

    private static Recipe StartingFrom(Recipe recipe, string run) => recipe with
    {
        Training = recipe.Training with { InitialiseFrom = run },
    };

    // Row and column; the seed is in the suffix.
    private static string Slug(string name) => string.Join('-', name[..name.LastIndexOf(',')].ToLowerInvariant()
        .Split([.. name.ToLowerInvariant().Where(letter => !char.IsAsciiLetterOrDigit(letter))], StringSplitOptions.RemoveEmptyEntries));
}
