using System.Globalization;
using KeypointMl.Imaging.Files;
using KeypointMl.Training.Recipes;
using IOPath = System.IO.Path;

namespace KeypointMl.Training.Runs;

/// <summary>
/// A training run's folder: <c>recipe.yaml</c>, <c>log.jsonl</c>, <c>tensorboard/</c>, <c>checkpoints/</c>,
/// <c>samples/</c>, <c>metrics.json</c>, <c>report.html</c>. While a run is written, <c>.lock</c> keeps a second
/// process out; what a process that was killed left half written is removed when the next one begins.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>How the names of the training's sample pictures begin; their step follows.</summary>
    internal const string Samples = "step-";

    /// <summary>As those of the training.</summary>
    internal const string ArticulationSamples = "articulation-";

    private const string RecipeName = "recipe.yaml";
    private readonly FileStream? runLock;
    private CheckpointFile? asked;

    private RunFolder(string path, Recipe recipe, FileStream? runLock)
    {
        Path = path;
        Recipe = recipe;
        this.runLock = runLock;
        Checkpoints = new CheckpointFolder(IOPath.Combine(path, "checkpoints"));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The resolved recipe that the run follows.</summary>
    public Recipe Recipe { get; private set; }

    /// <summary>The checkpoint that training goes on from: the one that was asked for, else the newest; null: it begins at the
    /// beginning.</summary>
    public CheckpointFile? Start => asked ?? Checkpoints.List().FirstOrDefault();

    /// <summary><c>checkpoints/</c>.</summary>
    public CheckpointFolder Checkpoints { get; }

    /// <summary><c>recipe.yaml</c>: every key of the recipe with its value.</summary>
    public string RecipePath => IOPath.Combine(Path, RecipeName);

    /// <summary><c>log.jsonl</c>.</summary>
    public string LogPath => IOPath.Combine(Path, "log.jsonl");

    /// <summary><c>tensorboard/</c>.</summary>
    public string TensorBoardPath => IOPath.Combine(Path, "tensorboard");

    /// <summary><c>samples/</c>.</summary>
    public string SamplesPath => IOPath.Combine(Path, "samples");

    /// <summary><c>metrics.json</c>: the final measurement.</summary>
    public string MetricsPath => IOPath.Combine(Path, "metrics.json");

    /// <summary><c>postprocessing.safetensors</c>: the supervised post-processing, where it was fitted.</summary>
    public string PostprocessingPath => IOPath.Combine(Path, "postprocessing.safetensors");

    /// <summary><c>confidence.json</c>: how confidences become probabilities, where they were calibrated.</summary>
    public string ConfidencePath => IOPath.Combine(Path, "confidence.json");

    /// <summary><c>metrics-postprocessed.json</c>: the measurement behind the post-processing.</summary>
    public string PostprocessedMetricsPath => IOPath.Combine(Path, "metrics-postprocessed.json");

    /// <summary><c>report.html</c>.</summary>
    public string ReportPath => IOPath.Combine(Path, "report.html");

    /// <summary>Starts a run in a new or empty folder, and writes the resolved recipe there.</summary>
    /// <exception cref="IOException">The folder holds something already, or cannot be made or written; nothing is left of it
    /// then.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="RunInUseException">Another process begins a run there.</exception>
    public static RunFolder Create(string path, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        RequireEmpty(path);
        bool made = !Directory.Exists(path);
        Directory.CreateDirectory(path);
        FileStream? runLock = null;
        bool begun = false;
        try
        {
            runLock = RunLock.Take(path);
            // Another process may have begun a run there between the look and the lock.
            RequireEmpty(path);
            begun = true;
            AtomicFile.RemoveLeftovers(path);
            var run = new RunFolder(path, recipe, runLock);
            AtomicFile.WriteAllText(run.RecipePath, recipe.ToYaml());
            Directory.CreateDirectory(run.SamplesPath);
            return run;
        }
        catch
        {
            if (begun)
                File.Delete(IOPath.Combine(path, RecipeName));
            runLock?.Dispose();
            if (made)
                DeleteIfEmpty(path);
            throw;
        }
    }

    /// <summary>Opens a run to go on with it.</summary>
    /// <param name="path">A run's folder.</param>
    /// <param name="recipe">What the caller believes the recipe to be, or null to take the run's own. Its
    /// <c>training.device</c> is followed: a run may go on on another device. Its <c>training.threads</c> is not: the run has
    /// its own.</param>
    /// <param name="checkpoint">The name of the checkpoint to go on from; those after it are set aside when training begins.
    /// Null: the newest.</param>
    /// <exception cref="IOException">There is no run or no such checkpoint, or the folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="RunInUseException">Another process is writing it.</exception>
    /// <exception cref="RecipeException">The run's recipe cannot be read.</exception>
    /// <exception cref="InvalidDataException"><paramref name="recipe"/> is another one; the message lists the keys that differ.</exception>
    public static RunFolder Resume(string path, Recipe? recipe = null, string? checkpoint = null)
    {
        Recipe own = ReadRecipe(path);
        if (recipe is not null && recipe.DifferencesFrom(own) is { Count: > 0 } differences)
        {
            throw new InvalidDataException(
                $"The recipe is not the one of the run in '{path}', so going on would not give what either describes. "
                + "Differences (now, in the run): "
                + $"{string.Join("; ", differences)}. Resume without changes, or start a new run.");
        }
        if (recipe is not null)
            own = own with { Training = own.Training with { Device = recipe.Training.Device } };
        var run = new RunFolder(path, own, RunLock.Take(path));
        try
        {
            run.asked = checkpoint is null ? null : run.Checkpoints.Find(checkpoint);
            foreach (string folder in new[] { path, run.Checkpoints.Path, run.SamplesPath })
                AtomicFile.RemoveLeftovers(folder);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Opens a run to read from it, also while it is being written.</summary>
    /// <exception cref="IOException">There is no run.</exception>
    /// <exception cref="RecipeException">The run's recipe cannot be read.</exception>
    public static RunFolder Open(string path) => new(path, ReadRecipe(path), null);

    /// <summary>
    /// The file of the samples after a step: <c>samples/step-00000500.png</c>; of a distillation's articulation
    /// <c>samples/articulation-00000500.png</c>.
    /// </summary>
    /// <param name="step">The step, counted from 1.</param>
    /// <param name="phase">Its phase.</param>
    public string SamplePath(long step, TrainingPhase phase = TrainingPhase.Training) =>
        IOPath.Combine(SamplesPath,
            string.Create(CultureInfo.InvariantCulture,
                $"{(phase == TrainingPhase.Articulation ? ArticulationSamples : Samples)}{step:D8}.png"));

    /// <summary>The sample pictures, the oldest first.</summary>
    public IReadOnlyList<string> ListSamples() => Directory.Exists(SamplesPath)
        ? [.. new[] { $"{ArticulationSamples}*.png",
            $"{Samples}*.png" }.SelectMany(pattern => Directory.EnumerateFiles(SamplesPath, pattern).Order(StringComparer.Ordinal))]
        : [];

    /// <summary>The newest checkpoint of the training itself, whose networks are the run's result.</summary>
    /// <exception cref="InvalidDataException">There is none yet.</exception>
    public CheckpointFile RequireTrained() =>
        Checkpoints.List().FirstOrDefault(file => file is { Phase: TrainingPhase.Training, Step: > 0 })
        ?? throw new InvalidDataException(
            $"The run '{Path}' has no checkpoint of its training yet. Let it train on: give the command that began it --resume.");

    /// <summary>How many of its training's steps the newest checkpoint has not seen yet: 0 for a finished run.</summary>
    /// <exception cref="InvalidDataException">It has no checkpoint of its training.</exception>
    internal long StepsLeft => Math.Max(0, Recipe.Training.Steps - RequireTrained().Step);

    /// <summary>Complains of what was made of networks that the run has trained further since.</summary>
    /// <param name="step">The step that it was made of; null where that is not known.</param>
    /// <exception cref="InvalidDataException">The newest checkpoint is of another step.</exception>
    internal void RequireStep(long? step)
    {
        if (step is { } made && RequireTrained().Step is var newest && newest != made)
            throw new InvalidDataException($"It is of step {made} of the training, and the run is at step {newest}.");
    }

    /// <summary>Makes a number of threads the run's, from here on: for one that must go on where its own is no good choice. Its
    /// sums are others then than those of an uninterrupted run.</summary>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="IOException">The recipe cannot be written.</exception>
    public void KeepThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (threads == Recipe.Training.Threads)
            return;
        Recipe = Recipe with { Training = Recipe.Training with { Threads = threads } };
        AtomicFile.WriteAllText(RecipePath, Recipe.ToYaml());
    }

    /// <inheritdoc/>
    public void Dispose() => runLock?.Dispose();

    /// <summary>
    /// Whether a folder holds a run. One without, which holds nothing else either, is what is left of a process that
    /// was killed while it began a run.
    /// </summary>
    internal static bool IsRun(string path) => File.Exists(IOPath.Combine(path, RecipeName));

    /// <summary>Looks whether <see cref="Create"/> would take a folder, before what a run needs is read for minutes.</summary>
    /// <exception cref="IOException">The folder holds something already.</exception>
    internal static void RequireEmpty(string path)
    {
        if (IsRun(path))
        {
            throw new IOException(
                $"'{path}' already holds a run, and nothing of it is overwritten: continue it with --resume, or choose another folder.");
        }
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(IsSomebodys)))
            throw new IOException($"'{path}' is not empty, and a run needs a folder of its own: choose another one, or empty it.");
    }

    // Neither a lock nor what a killed process left half written.
    private static bool IsSomebodys(string entry) => IOPath.GetFileName(entry) != RunLock.FileName && !AtomicFile.IsTemporary(entry);

    private static Recipe ReadRecipe(string path)
    {
        string recipe = IOPath.Combine(path, RecipeName);
        return File.Exists(recipe)
            ? Recipe.Load(recipe)
            : throw new FileNotFoundException(
                $"'{path}' is not a run: it has no {RecipeName} (looked in {IOPath.GetFullPath(path)}).", recipe);
    }

    private static void DeleteIfEmpty(string path)
    {
        try
        {
            Directory.Delete(path);
        }
        catch (IOException)
        {
            // Another process has begun something there.
        }
    }
}
