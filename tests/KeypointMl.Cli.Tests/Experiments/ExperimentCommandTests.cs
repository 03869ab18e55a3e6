using KeypointMl.Cli.Running;
using KeypointMl.Training.Experiments;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Tests;

/// <summary>The verb <c>experiment</c> on runs of a few steps.</summary>
[TestClass]
public sealed class ExperimentCommandTests
{
    [TestMethod]
    public void Experiment_runs_every_seed_writes_the_tables_and_does_nothing_twice()
    {
        using var tiny = new TinyExperiment();
        string file = tiny.Write();

        Invocation first = Invocation.Of("experiment", file, "--out", tiny.OutputFolder).Returning(ExitCode.Done);

        Assert.Contains("2 of 2 runs are finished", first.Out);
        Assert.Contains("(2 seeds)", File.ReadAllText(tiny["table.md"]));
        Assert.Contains("data:image/png", File.ReadAllText(tiny["report.html"]));
        Assert.IsTrue(File.Exists(tiny["table.csv"]));

        // The ledger alone says what is done.
        string ledger = File.ReadAllText(tiny["results.jsonl"]);
        Directory.Delete(tiny["runs"], recursive: true);
        Invocation second = Invocation.Of("experiment", file, "--out", tiny.OutputFolder).Returning(ExitCode.Done);

        Assert.DoesNotContain("run 1 of 2", second.Out);
        Assert.AreEqual(ledger, File.ReadAllText(tiny["results.jsonl"]));
        Assert.Contains("(2 seeds)", File.ReadAllText(tiny["table.md"]));
    }

    [TestMethod]
    public void Experiment_on_several_devices_divides_its_runs_among_their_processes()
    {
        using var tiny = new TinyExperiment();
        Invocation done = Invocation.Of("experiment", tiny.Write(), "--out", tiny.OutputFolder, "--devices", "cpu,cpu", "--threads",
            "1").Returning(ExitCode.Done);
        Assert.HasCount(2, File.ReadAllLines(tiny["results.jsonl"]));
        Assert.Contains("[cpu] run 1 of 2: ours, error, seed 1", done.Out);
        Assert.Contains("2 of 2 runs are finished", done.Out);
    }

    [TestMethod]
    public void Experiment_on_a_device_that_is_missing_starts_nothing()
    {
        using var tiny = new TinyExperiment();
        Invocation failed = Invocation.Of("experiment", tiny.Write(), "--out", tiny.OutputFolder, "--devices", "cpu,cuda:99")
            .Returning(ExitCode.Failed);
        Assert.Contains("The device cuda:99 was asked for, but", failed.Error);
        Assert.IsFalse(Directory.Exists(tiny.OutputFolder));
        Invocation.Of("experiment", tiny.Write(), "--out", tiny.OutputFolder, "--devices", "cpu,cpu", "--device", "cpu")
            .Returning(ExitCode.WrongUsage);
        Invocation.Of("experiment", tiny.Write(), "--out", tiny.OutputFolder, "--device", "gpu").Returning(ExitCode.WrongUsage);
    }

    /// <summary>What a worker's process does when the one that started it asks it to stop, or is no more.</summary>
    [TestMethod]
    public void Worker_whose_input_ends_stops_with_a_checkpoint()
    {
        using var tiny = new TinyExperiment();
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, after: "[cpu] training: 300 steps");
        using var error = new StringWriter();
        string file = tiny.Write(yaml => yaml.Replace("seeds: [1, 2]", "seeds: [1]", StringComparison.Ordinal));
        Assert.AreEqual(ExitCode.Failed,
            CommandLine.Run(["experiment", file, "--out", tiny.OutputFolder, "--devices", "cpu", "--set", "training.steps=300"],
                output, error, stop.Token), error.ToString());
        Assert.Contains("[cpu] keypointml: Stopped", error.ToString());
        Assert.IsTrue(Directory.EnumerateFiles(tiny.OutputFolder, "*.safetensors", SearchOption.AllDirectories).Any());
    }

    [TestMethod]
    public void Stopped_experiment_returns_1_and_goes_on_from_the_checkpoint()
    {
        using var tiny = new TinyExperiment();
        string file = tiny.Write();
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, after: "training: 3 steps");
        using var error = new StringWriter();

        Assert.AreEqual(ExitCode.Failed, CommandLine.Run(["experiment", file, "--out", tiny.OutputFolder], output, error, stop.Token),
            error.ToString());
        Assert.Contains("goes on from there", error.ToString());
        Assert.IsFalse(File.Exists(tiny["results.jsonl"]));
        Assert.Contains("not run yet", File.ReadAllText(tiny["table.md"]));

        Invocation resumed = Invocation.Of("experiment", file, "--out", tiny.OutputFolder).Returning(ExitCode.Done);

        // notes of device and numerics in between
        // without η's pre-training, which is in the checkpoint
        Assert.MatchesRegex("run 1 of 2: ours, error, seed 1\n([A-Z].*\n)*training: 3 steps", resumed.Out.ReplaceLineEndings("\n"));
        Assert.HasCount(2, File.ReadAllLines(tiny["results.jsonl"]));
    }

    [TestMethod]
    public void Setting_of_the_command_holds_for_every_run_and_stands_in_the_title()
    {
        using var tiny = new TinyExperiment();
        string file = tiny.Write(yaml => yaml.Replace("[1, 2]", "[1]", StringComparison.Ordinal));

        Invocation.Of("experiment", file, "--out", tiny.OutputFolder, "--set", "training.steps=2").Returning(ExitCode.Done);

        Assert.Contains("\"steps\":2,", File.ReadAllText(tiny["results.jsonl"]));
        Assert.StartsWith("# Tiny (training.steps=2)", File.ReadAllText(tiny["table.md"]));
        Assert.Contains("row 'ours' in column 'error'",
            Invocation.Of("experiment", file, "--out", tiny.OutputFolder, "--set", "training.stepps=2").Error);
    }

    [TestMethod]
    public void Run_whose_process_was_killed_before_it_began_is_begun_anew()
    {
        using var tiny = new TinyExperiment();
        string file = tiny.Write(yaml => yaml.Replace("[1, 2]", "[1]", StringComparison.Ordinal));
        string begun = Path.Combine(
            tiny["runs"], $"ours-error-{ExperimentPlan.Create(Experiment.Load(file)).Order(null).Single().FolderSuffix}");
        Directory.CreateDirectory(begun);
        File.WriteAllText(Path.Combine(begun, ".lock"), "");

        Invocation.Of("experiment", file, "--out", tiny.OutputFolder).Returning(ExitCode.Done);

        Assert.IsTrue(File.Exists(Path.Combine(begun, "metrics.json")));
    }

    [TestMethod]
    public void Failed_run_is_recorded_others_go_on_and_the_code_is_3()
    {
        using var tiny = new TinyExperiment();
        string file = tiny.Write(yaml => yaml.Replace("[1, 2]", "[1]", StringComparison.Ordinal).Replace("  - {name: ours}", """
              - {name: too many poses, set: {prior.poses: 100000}}
              - {name: diverged, set: {training.batch: 3}}
              - {name: ours}
            """, StringComparison.Ordinal));
        Directory.CreateDirectory(tiny.OutputFolder);
        PlannedRun diverged = ExperimentPlan.Create(Experiment.Load(file)).Order(["diverged"]).Single();
        new ResultsLedger(tiny["results.jsonl"]).Append(LedgerEntries.Entry(1, null, RunOutcome.Diverged) with
        {
            Key = diverged.Key,
            Run = diverged.Recipe.Name,
            Message = "the loss is NaN at step 2",
        });

        Invocation call = Invocation.Of("experiment", file, "--out", tiny.OutputFolder).Returning(ExitCode.SomeInputsFailed);

        Assert.Contains("100,000 poses are asked of the prior", call.Error);
        Assert.Contains("diverged, error, seed 1: diverged: the loss is NaN at step 2", call.Error);
        string table = File.ReadAllText(tiny["table.md"]);
        Assert.Contains("| too many poses | seed 1 failed |", table);
        Assert.Contains("| diverged | seed 1 diverged |", table);
        Assert.Contains("(1 seed)", table);
    }

    [TestMethod]
    public void Second_stage_starts_from_the_first_of_its_own_seed()
    {
        using var tiny = new TinyExperiment();
        string file = tiny.Write(yaml =>
            yaml.Replace("name: ours", $"name: ours, start_from: {tiny.Recipe}, set: {{regressor_pretraining.steps: 0}}",
                StringComparison.Ordinal));

        Invocation.Of("experiment", file, "--out", tiny.OutputFolder).Returning(ExitCode.Done);

        Assert.HasCount(4, File.ReadAllLines(tiny["results.jsonl"]));
        foreach (string seed in new[] { "seed1", "seed2" })
        {
            string first = Path.GetFileName(Directory.GetDirectories(tiny["runs"], $"ours-error-first-stage-{seed}-*").Single());
            string second = Directory.GetDirectories(tiny["runs"], $"ours-error-{seed}-*").Single();
            Assert.Contains(first, File.ReadAllText(Path.Combine(second, "recipe.yaml")));
        }
    }

    [TestMethod]
    public void Second_stage_waits_for_a_first_that_another_process_trains_and_trains_one_that_is_gone()
    {
        using var tiny = new TinyExperiment();
        string file = tiny.Write(yaml => yaml.Replace("[1, 2]", "[1]", StringComparison.Ordinal)
            .Replace("name: ours", $"name: ours, start_from: {tiny.Recipe}, set: {{regressor_pretraining.steps: 0}}",
                StringComparison.Ordinal));
        PlannedRun first = ExperimentPlan.Create(Experiment.Load(file)).Order(null)[0];
        using (RunFolder.Create(Path.Combine(tiny["runs"], $"first-{first.FolderSuffix}"), first.Recipe))
        {
            Assert.Contains("waits for its first stage", Invocation.Of("experiment", file, "--out", tiny.OutputFolder)
                .Returning(ExitCode.Done).Out);
        }
        Directory.Delete(tiny["runs"], recursive: true);
        new ResultsLedger(tiny["results.jsonl"]).Append(LedgerEntries.Entry(1, 20) with { Key = first.Key });

        Invocation call = Invocation.Of("experiment", file, "--out", tiny.OutputFolder).Returning(ExitCode.Done);

        Assert.Contains("run 1 of 2: ours, error, first stage, seed 1", call.Out);
        Assert.Contains("2 of 2 runs are finished", call.Out);
    }

    [TestMethod]
    public void Run_that_another_process_trains_is_left_to_it()
    {
        using var tiny = new TinyExperiment();
        string file = tiny.Write();
        PlannedRun other = ExperimentPlan.Create(Experiment.Load(file)).Order(null)[0];
        using RunFolder taken = RunFolder.Create(Path.Combine(tiny["runs"], $"ours-error-{other.FolderSuffix}"), other.Recipe);

        Invocation call = Invocation.Of("experiment", file, "--out", tiny.OutputFolder).Returning(ExitCode.Done);

        Assert.Contains("another process trains it", call.Out);
        Assert.Contains("1 of 2 runs are finished, 1 are another process's", call.Out);
    }

    [TestMethod]
    public void Missing_data_fail_at_once_with_how_to_obtain_them()
    {
        using var tiny = new TinyExperiment();

        Invocation call = Invocation.Of("experiment", "table1", "--out", tiny.OutputFolder, "--data-root", Path.GetTempPath())
            .Returning(ExitCode.Failed);

        Assert.Contains("simplified-human36m", call.Error);
        Assert.Contains("human_images.tar.gz", call.Error);
        Assert.IsFalse(File.Exists(tiny["results.jsonl"]));
    }

    [TestMethod]
    public void Unknown_row_is_refused_with_the_rows_there_are()
    {
        using var tiny = new TinyExperiment();

        Assert.Contains("its rows are 'ours'",
            Invocation.Of("experiment", tiny.Write(), "--out", tiny.OutputFolder, "--only", "others").Returning(ExitCode.Failed).Error);
    }
}
