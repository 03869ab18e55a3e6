using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.MlNet;

/// <summary>A run's folder: the one that was asked for, or a temporary one that goes with this unless it is kept.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly Recipe recipe;
    private readonly bool isTemporary;
    private bool isKept;

    /// <summary>Opens the run that is there to go on with it, or looks whether one can begin there; writes nothing.</summary>
    /// <exception cref="IOException">The folder holds something else.</exception>
    /// <exception cref="InvalidDataException">The run has another recipe.</exception>
    public WorkFolder(string? asked, Recipe recipe)
    {
        this.recipe = recipe;
        isTemporary = asked is null;
        Path = asked ?? Directory.CreateTempSubdirectory("keypointml-fit-").FullName; // which nobody else may read
        if (RunFolder.IsRun(Path))
            Run = RunFolder.Resume(Path, recipe);
        else
            RunFolder.RequireEmpty(Path);
    }

    public string Path { get; }

    /// <summary>The run; null before one begins.</summary>
    public RunFolder? Run { get; private set; }

    /// <summary>Begins a run where there is none.</summary>
    public RunFolder Begin() => Run ??= RunFolder.Create(Path, recipe);

    /// <summary>Keeps what was trained in a folder that would go with this.</summary>
    /// <returns>Whether there is such a folder with a trained network.</returns>
    public bool KeepTrained()
    {
        isKept = isTemporary && Run?.Start is { Phase: TrainingPhase.Training, Step: > 0 };
        return isKept;
    }

    public void Dispose()
    {
        Run?.Dispose();
        if (isTemporary && !isKept && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
