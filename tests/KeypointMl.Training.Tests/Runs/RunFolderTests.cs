using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class RunFolderTests
{
    private static readonly Recipe Recipe = Presets.Cpu32 with { Name = "test", Data = new() { Manifest = "data.yaml" } };

    [TestMethod]
    public void Create_writes_the_resolved_recipe()
    {
        using var folder = new TemporaryFolder();

        using RunFolder run = RunFolder.Create(folder["run"], Recipe);

        Assert.AreEqual(Recipe, KeypointMl.Training.Recipes.Recipe.Load(run.RecipePath));
        Assert.AreEqual(Recipe.ToYaml(), File.ReadAllText(run.RecipePath));
    }

    [TestMethod]
    public void Create_over_a_run_is_refused_and_leaves_it()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Create(folder["run"], Recipe).Dispose();

        IOException exception = Assert.ThrowsExactly<IOException>(() => RunFolder.Create(folder["run"], Recipe with { Seed = 2 }));

        Assert.Contains("--resume", exception.Message);
        using RunFolder run = RunFolder.Open(folder["run"]);
        Assert.AreEqual(Recipe, run.Recipe);
    }

    [TestMethod]
    public void Create_in_a_folder_with_other_files_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["thesis.txt"], "");

        IOException exception = Assert.ThrowsExactly<IOException>(() => RunFolder.Create(folder.Path, Recipe));

        Assert.Contains("not empty", exception.Message);
    }

    [TestMethod]
    public void Resume_with_another_recipe_lists_the_differences()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Create(folder["run"], Recipe).Dispose();
        Recipe changed = Recipe with { Seed = 2, Training = Recipe.Training with { Steps = 7, Betas = new(0, 0.5) } };

        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => RunFolder.Resume(folder["run"], changed));

        Assert.Contains("seed 2, 1; training.steps 7, 500; training.betas [0, 0.5], [0.5, 0.999].", exception.Message);
    }

    [TestMethod]
    public void Resume_same_recipe_opens_the_run_and_locks_it()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Create(folder["run"], Recipe).Dispose();

        using RunFolder run = RunFolder.Resume(folder["run"], Recipe);

        RunInUseException exception = Assert.ThrowsExactly<RunInUseException>(() => RunFolder.Resume(folder["run"]));
        Assert.Contains("Another process", exception.Message);
        using RunFolder reader = RunFolder.Open(folder["run"]);
        Assert.AreEqual(Recipe, reader.Recipe);
    }

    [TestMethod]
    public void Create_where_another_process_begins_a_run_says_so()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        using (new FileStream(Path.Combine(folder["run"], ".lock"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            Assert.ThrowsExactly<RunInUseException>(() => RunFolder.Create(folder["run"], Recipe));

        // The process was killed: its lock is no longer held, though its file is there.
        using RunFolder run = RunFolder.Create(folder["run"], Recipe);
        Assert.IsTrue(File.Exists(run.RecipePath));
    }

    [TestMethod]
    public void Leftovers_of_a_killed_process_are_removed_and_keep_nobody_out()
    {
        using var folder = new TemporaryFolder();
        string Leftover(string name)
        {
            string path = folder[$"run/{name}"];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "half a file");
            return path;
        }

        string recipe = Leftover(".recipe.0123456789abcdef0123456789abcdef.tmp.yaml");
        RunFolder.Create(folder["run"], Recipe).Dispose();
        Assert.IsFalse(File.Exists(recipe));
        string[] others =
        [
            Leftover("checkpoints/.training-00000002.0123456789abcdef0123456789abcdef.tmp.safetensors"),
            Leftover("samples/.step-00000002.0123456789abcdef0123456789abcdef.tmp.png"),
            Leftover(".metrics.0123456789abcdef0123456789abcdef.tmp.json"),
        ];
        string own = Leftover(".notes.tmp.txt");

        RunFolder.Resume(folder["run"]).Dispose();

        Assert.IsFalse(others.Any(File.Exists));
        Assert.IsTrue(File.Exists(own), "not a name of ours");
    }

    [TestMethod]
    public void Open_folder_without_run_says_so()
    {
        using var folder = new TemporaryFolder();

        FileNotFoundException exception = Assert.ThrowsExactly<FileNotFoundException>(() => RunFolder.Open(folder.Path));

        Assert.Contains("is not a run: it has no recipe.yaml", exception.Message);
    }

    [TestMethod]
    public void Checkpoints_keep_the_newest_two_over_the_phases()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder["checkpoints"]);
        foreach ((TrainingPhase phase, long step) in new[] { (TrainingPhase.RegressorPretraining, 900L),
            (TrainingPhase.Training, 100), (TrainingPhase.Training, 1000) })
            checkpoints.Write(phase, step, stream => stream.WriteByte((byte)(step / 100)));

        IReadOnlyList<CheckpointFile> list = checkpoints.List();

        CollectionAssert.AreEqual(new[] { 1000L, 100 }, list.Select(file => file.Step).ToArray());
        CollectionAssert.AreEqual(new byte[] { 10 }, File.ReadAllBytes(list[0].Path));
        Assert.HasCount(2, Directory.GetFiles(checkpoints.Path));
    }

    [TestMethod]
    public void What_came_after_a_checkpoint_is_no_result_of_the_run_any_more()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], Recipe);
        CheckpointFile[] files = [.. new[] { 10, 20 }.Select(step => run.Checkpoints.Write(TrainingPhase.Training, step, _ => { }))];
        Directory.CreateDirectory(run.SamplesPath);
        foreach (string result in new[] { run.MetricsPath, run.ConfidencePath, run.SamplePath(10), run.SamplePath(20) })
            File.WriteAllText(result, "");

        IReadOnlyList<string> none = LaterFiles.SetAside(run, files[1], goesOn: false);
        IReadOnlyList<string> aside = LaterFiles.SetAside(run, files[0], goesOn: false);

        Assert.IsEmpty(none);
        CollectionAssert.AreEquivalent(
            new[] { files[1].Path, run.MetricsPath, run.ConfidencePath, run.SamplePath(20) }.Select(path => path + ".aside").ToArray(),
            aside.ToArray());
        Assert.IsTrue(aside.All(File.Exists));
        CollectionAssert.AreEqual(new[] { run.SamplePath(10) }, run.ListSamples().ToArray());
        Assert.AreEqual(10, run.RequireTrained().Step);
    }

    [TestMethod]
    public void Checkpoint_before_the_first_step_is_of_no_trained_network()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], Recipe);
        run.Checkpoints.Write(TrainingPhase.Training, 0, _ => { });

        Assert.Contains("no checkpoint", Assert.ThrowsExactly<InvalidDataException>(run.RequireTrained).Message);
    }

    [TestMethod]
    public void Checkpoint_whose_writing_fails_leaves_those_before()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder["checkpoints"]);
        checkpoints.Write(TrainingPhase.Training, 1, stream => stream.WriteByte(1));

        Assert.ThrowsExactly<InvalidOperationException>(
            () => checkpoints.Write(TrainingPhase.Training, 2, _ => throw new InvalidOperationException()));

        Assert.AreEqual(1, checkpoints.List().Single().Step);
        Assert.HasCount(1, Directory.GetFiles(checkpoints.Path));
    }
}
