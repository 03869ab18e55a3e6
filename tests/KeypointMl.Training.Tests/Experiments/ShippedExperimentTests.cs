using KeypointMl.Data.Manifests;
using KeypointMl.Training.Experiments;

namespace KeypointMl.Training.Tests;

/// <summary>
/// The experiments in <c>pipelines/experiments</c>, whose data are mostly not here: every row's recipe must resolve all
/// the same.
/// </summary>
[TestClass]
public sealed class ShippedExperimentTests
{
    private static IReadOnlyList<string> Files => ShippedFiles.List("pipelines/experiments", "*.yaml");

    [TestMethod]
    public void Every_shipped_experiment_resolves_every_recipe()
    {
        foreach (string name in new[] { "cats", "table1", "table2", "table3", "table4", "table4-small", "table5", "table5-small" })
            Assert.Contains(name, Files.Select(file => Path.GetFileNameWithoutExtension(file)));
        foreach (string file in Files)
        {
            var plan = ExperimentPlan.Create(Experiment.Load(file));
            foreach (PlannedRun run in plan.Order(null))
            {
                Assert.IsTrue(File.Exists(ShippedFiles.Find(run.Recipe.Data.Manifest)),
                    $"{file}: {run.Recipe.Name}: there is no manifest {run.Recipe.Data.Manifest}");
            }
        }
    }

    [TestMethod]
    public void Table_4_has_the_papers_rows_each_with_its_own_runs_on_the_same_seeds()
    {
        var plan = ExperimentPlan.Create(Experiment.Load(ShippedFiles.Find("pipelines/experiments/table4-small.yaml")));

        // Six rows that train, two data sets, three seeds; the mean pose is read off KeypointGAN's.
        Assert.HasCount(6 * 2 * 3, plan.Order(null));
        Assert.AreEqual("CycleGAN, puppets, seed 1", plan.Order(null)[0].Recipe.Name);
        Assert.IsTrue(plan.Order(null).Take(12).All(run => run.Recipe.Seed == 1));
    }

    [TestMethod]
    public void Table_3_trains_the_first_stage_once_for_ours_with_and_without_post_processing()
    {
        var plan = ExperimentPlan.Create(Experiment.Load(ShippedFiles.Find("pipelines/experiments/table3.yaml")));

        string[] names = [.. plan.Order(["KeypointGAN (ours)", "KeypointGAN + supervised post-processing"])
            .Select(run => run.Recipe.Name).Take(3)];

        Assert.AreEqual("KeypointGAN (ours), 300-W, first stage, seed 1", names[0]);
        Assert.AreEqual("KeypointGAN (ours), 300-W, seed 1", names[1]);
        Assert.AreEqual("KeypointGAN (ours), 300-W, first stage, seed 2", names[2]);
    }
}
