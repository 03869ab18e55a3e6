using KeypointMl.Training.Recipes;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>Runs that were stopped go on as they were begun, with the threads and the log of an undisturbed one.</summary>
[TestClass]
public sealed class ResumedRunTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Threads_are_the_runs_and_are_taken_again_on_resume()
    {
        int own = get_num_threads();
        Recipe recipe = TinyRun.Recipe(steps: 2, pretraining: 0);
        using var stop = new TinyRun.StopAfter(TrainingPhase.Training, 1);
        using (RunFolder run = RunFolder.Create(folder["run"], recipe with { Training = recipe.Training with { Threads = own + 1 } }))
            new Trainer(run, TinyRun.Puppets, stop).Train(stop.Token);
        Assert.AreEqual(own, get_num_threads(), "what follows computes as before");
        using var notes = new Notes();

        using (RunFolder run = RunFolder.Resume(folder["run"], recipe))
            new Trainer(run, TinyRun.Puppets, notes).Train();

        Assert.Contains($"Threads: {own + 1}", string.Join('\n', notes.Said));
        Assert.AreEqual(own + 1, TrainingLog.Read(folder["run/log.jsonl"]).Select(entry => entry.Environment)
            .OfType<TrainingEnvironment>().Single().Threads);
    }

    [TestMethod]
    public void Threads_of_a_run_that_did_not_say_how_many_are_written_into_it()
    {
        using (RunFolder run = RunFolder.Create(folder["run"], TinyRun.Recipe(pretraining: 0)))
            TinyRun.Train(run);

        Assert.AreEqual(get_num_threads(), Recipe.Load(folder["run/recipe.yaml"]).Training.Threads);
    }

    [TestMethod]
    public void Log_of_a_run_that_was_stopped_between_its_lines_is_that_of_an_undisturbed_one()
    {
        Recipe recipe = TinyRun.Recipe(steps: 12, pretraining: 3);
        using (RunFolder run = RunFolder.Create(folder["calm"], recipe))
            TinyRun.Train(run);
        foreach ((TrainingPhase phase, long step) in new[] { (TrainingPhase.RegressorPretraining, 2L), (TrainingPhase.Training, 3),
            (TrainingPhase.Training, 11) })
        {
            using var stop = new TinyRun.StopAfter(phase, step);
            using RunFolder run = Directory.Exists(folder["run"])
                ? RunFolder.Resume(folder["run"])
                : RunFolder.Create(folder["run"], recipe);
            Assert.IsFalse(new Trainer(run, TinyRun.Puppets, stop).Train(stop.Token).Finished);
        }
        using (RunFolder run = RunFolder.Resume(folder["run"]))
            TinyRun.Train(run);

        CollectionAssert.AreEqual(Deterministic("calm"), Deterministic("run"));
        CollectionAssert.AreEqual(File.ReadAllBytes(NewestOf("calm")), File.ReadAllBytes(NewestOf("run")));
    }

    // All that does not say how long it took.
    private TrainingLogEntry[] Deterministic(string name) => [.. TrainingLog.Read(folder[$"{name}/log.jsonl"]).Select(entry => entry with
    {
        Seconds = 0,
        ImagesPerSecond = null,
    })];

    private string NewestOf(string name) => new CheckpointFolder(folder[$"{name}/checkpoints"]).List()[0].Path;
}
