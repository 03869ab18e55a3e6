using KeypointMl.Training.Experiments;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class ExperimentRunnerTests
{
    [TestMethod]
    public void First_stage_that_fails_when_it_is_trained_once_more_keeps_its_result()
    {
        using var tiny = new TinyExperiment();
        var experiment = Experiment.Load(tiny.Write(yaml => yaml.Replace("[1, 2]", "[1]", StringComparison.Ordinal)
            .Replace("name: ours", $"name: ours, start_from: {tiny.Recipe}, set: {{regressor_pretraining.steps: 0}}",
                StringComparison.Ordinal)));
        PlannedRun first = ExperimentPlan.Create(experiment).Order(null)[0];
        // Its folder is not there any more, and where it is trained once more stands a run of another recipe.
        Recipe other = first.Recipe with { Training = first.Recipe.Training with { Steps = 7 } };
        RunFolder.Create(Path.Combine(tiny["runs"], $"first-{first.FolderSuffix}"), other).Dispose();
        var ledger = new ResultsLedger(tiny["results.jsonl"]);
        ledger.Append(LedgerEntries.Entry(1, 20) with { Key = first.Key });

        ExperimentSummary summary = new ExperimentRunner(
            experiment, new ExperimentOptions { Folder = tiny.OutputFolder }, () => new SilentProgress(), TextWriter.Null).Run();

        Assert.AreEqual(RunOutcome.Finished, ledger.Read()[first.Key].Outcome);
        Assert.AreEqual(1, summary.Finished);
        Assert.Contains("trained once more, failed: The run", summary.Problems.Single());
    }
}
