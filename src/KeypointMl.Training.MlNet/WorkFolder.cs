using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.MlNet;

/// <summary>A run's folder: the one that was asked for, or a temporary one that goes with this.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string? temporary;

    public WorkFolder(string? asked)
    {
        temporary = asked is null ? Directory.CreateTempSubdirectory("keypointml-fit-").FullName : null;
        Path = asked ?? temporary!;
    }

    public string Path { get; }

    /// <summary>Starts a run, or opens the one that is there to go on with it.</summary>
    public RunFolder OpenRun(Recipe recipe) =>
        File.Exists(System.IO.Path.Combine(Path, "recipe.yaml")) ? RunFolder.Resume(Path, recipe) : RunFolder.Create(Path, recipe);

    public void Dispose()
    {
        if (temporary is not null)
            Directory.Delete(temporary, recursive: true);
    }
}
