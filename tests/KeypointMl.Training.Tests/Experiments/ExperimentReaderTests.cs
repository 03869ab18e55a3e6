using KeypointMl.Training.Experiments;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Tests;

/// <summary>Mistakes in an experiment's YAML, each named with its line.</summary>
[TestClass]
public sealed class ExperimentReaderTests
{
    [TestMethod]
    [DataRow("  - {name: error, metric: error_percent_of_image, recipe: RECIPE}", "  - {name: error, metric: errors, recipe: RECIPE}",
        ":4:", "error_percent_of_image")]
    [DataRow("  - {name: error, metric: error_percent_of_image, recipe: RECIPE}", "  - {name: error, metric: pck/, recipe: RECIPE}",
        ":4:", "pck/…")]
    [DataRow("seeds: [1, 2]", "seeds: [1, 1]", ":2:", "'1' stands in it twice")]
    [DataRow("seeds: [1, 2]", "seeds: []", ":2:", "at least one")]
    [DataRow("  - {name: ours}", "  - {name: ours, papers: {error: 1}}", ":6:", "unknown key 'papers'")]
    [DataRow("  - {name: ours}", "  - {name: ours, paper: {fehler: 1}}", ":6:", "unknown key 'fehler'")]
    [DataRow("  - {name: ours}", "  - {name: ours, columns: [fehler]}", ":6:", "expected one of error")]
    [DataRow("  - {name: ours}", "  - {name: ours, set: {training.stpes: 5}}", ":6:", "training.stpes")]
    [DataRow("  - {name: ours}", "  - {name: ours, set: {training.steps: many}}", ":6:", "training.steps")]
    [DataRow("  - {name: ours}", "  - {name: ours, set: {training.initialise_from: runs/a}}", ":6:", "start_from")]
    [DataRow("  - {name: ours}", "  - {name: ours, set: {seed: 5}}", ":6:", "sets seed, which is that of each of its runs")]
    [DataRow("  - {name: ours}", "  - {name: ours, postprocessed: true}", ":6:", "set postprocessing.enabled: true")]
    [DataRow("  - {name: ours}",
        "  - {name: ours, postprocessed: true, set: {postprocessing.enabled: true, postprocessing.split: test}}", ":6:", "the test's")]
    [DataRow(", recipe: RECIPE", "", ":6:", "has no recipe in column 'error'")]
    public void Mistake_is_named_with_file_and_line(string right, string wrong, string line, string expected)
    {
        using var experiment = new TinyExperiment();
        string file = experiment.Write(yaml => yaml.Replace(right, wrong, StringComparison.Ordinal));

        string message = Assert.ThrowsExactly<InvalidDataException>(() => Experiment.Load(file)).Message;

        Assert.Contains(file + line, message);
        Assert.Contains(expected, message);
    }

    [TestMethod]
    public void All_mistakes_of_an_experiment_are_listed()
    {
        using var experiment = new TinyExperiment();
        string file = experiment.Write(yaml => yaml
            .Replace("seeds: [1, 2]", "seeds: [1, 1]", StringComparison.Ordinal)
            .Replace("metric: error_percent_of_image", "metric: error_percent_of_imgae", StringComparison.Ordinal)
            .Replace("  - {name: ours}", "  - {nam: ours}", StringComparison.Ordinal));

        string message = Assert.ThrowsExactly<InvalidDataException>(() => Experiment.Load(file)).Message;

        Assert.Contains($"{file} has 4 problems:\n", message);
        Assert.Contains($"{file}:2:8: 'seeds' is a list; '1' stands in it twice; expected each once.", message);
        Assert.Contains("Did you mean 'error_percent_of_image'?", message);
        Assert.Contains($"{file}:6:5: 'rows[0]' lacks the key 'name'.", message);
        Assert.Contains("unknown key 'nam' in 'rows[0]'", message);
        Assert.Contains("Did you mean 'name'?", message);
    }

    [TestMethod]
    public void Row_lays_its_settings_over_the_columns_and_runs_of_equal_recipes_are_one()
    {
        using var experiment = new TinyExperiment();
        string file = experiment.Write(yaml => yaml + """
              - {name: shorter, set: {training.steps: 2}}
              - {name: the same again, metric: baselines/mean_pose}
              - {name: cited, cited: true, paper: {error: 7.1}}

            """);

        var plan = ExperimentPlan.Create(Experiment.Load(file));

        // ours and shorter, with seeds 1 and 2, the seeds one after the other.
        CollectionAssert.AreEqual(new ulong[] { 1, 1, 2, 2 }, plan.Order(null).Select(run => run.Recipe.Seed).ToArray());
        CollectionAssert.AreEqual(new[] { 3, 2, 3, 2 }, plan.Order(null).Select(run => run.Recipe.Training.Steps).ToArray());
        Assert.HasCount(2, plan.Order(["shorter"]));
    }

    [TestMethod]
    public void Run_is_the_same_under_another_name_and_another_with_another_value()
    {
        Recipe recipe = TinyRun.Recipe();

        string key = new PlannedRun(recipe, null).Key;

        Assert.AreEqual(key, new PlannedRun(recipe with { Name = "else" }, null).Key);
        Assert.AreNotEqual(key, new PlannedRun(recipe with { Seed = 2 }, null).Key);
        string[] further = [.. new[] { 0.5, 1 }.Select(weight => new PlannedRun(
            recipe with { Losses = recipe.Losses with { Further = new NamedWeights([new("edge_lengths", weight)]) } }, null).Key)];
        Assert.HasCount(3, further.Append(key).Distinct());
        Assert.AreNotEqual(key, new PlannedRun(recipe, new PlannedRun(recipe, null)).Key);
    }
}
