using KeypointMl.Training.Experiments;
using KeypointMl.Training.Reports;

namespace KeypointMl.Training.Tests;

/// <summary>Tables made from a ledger alone.</summary>
[TestClass]
public sealed class ExperimentTableTests
{
    [TestMethod]
    public void Table_has_mean_and_deviation_of_the_sample_and_says_what_is_missing()
    {
        using var tiny = new TinyExperiment();
        var experiment = Experiment.Load(tiny.Write(yaml => yaml.Replace("[1, 2]", "[1, 2, 3]", StringComparison.Ordinal).Replace("{name: ours}", "{name: ours, paper: {error: 2.73}}", StringComparison.Ordinal) + """
              - {name: "worse | broken", set: {training.batch: 2}, paper: {error: 3.54}}
              - {name: cited, cited: true, paper: {error: 7.1}}
              - {name: later, set: {training.batch: 3}, paper: {error: 1.0}}

            """));
        var plan = ExperimentPlan.Create(experiment);
        Dictionary<string, LedgerEntry> results = new()
        {
            [Key(plan, 0, 0)] = LedgerEntries.Entry(1, 2.0),
            [Key(plan, 0, 1)] = LedgerEntries.Entry(2, 3.0),
            [Key(plan, 0, 2)] = LedgerEntries.Entry(3, 4.0),
            [Key(plan, 1, 0)] = LedgerEntries.Entry(1, 5.0),
            [Key(plan, 1, 1)] = LedgerEntries.Entry(2, null, RunOutcome.Diverged),
        };

        var table = ExperimentTable.Collect(experiment, plan, results);

        string markdown = ExperimentMarkdown.Render(table);
        Assert.Contains("| ours | 3.00 ± 1.00 (3 seeds) | 2.73 |", markdown);
        Assert.Contains("| worse \\| broken | 5.00 (1 seed); seed 2 diverged; 1 of 3 not run yet | 3.54 |", markdown);
        Assert.Contains("| cited | – | 7.1 |", markdown);
        Assert.Contains("| later | not run yet | 1.0 |", markdown);
        Assert.Contains("error: 1 of 1 pairs of rows stand in the paper's order.", markdown);
        Assert.Contains("5 runs, 1 minutes of training in all", markdown);
        Assert.Contains("ours,error,error_percent_of_image,% of image,3,1,1 2 3,2 3 4,3,,,2.73\n", ExperimentCsv.Render(table));
        string html = ExperimentHtml.Render(table, [new ReportPicture("<sample>", new byte[] { 1 })]);
        Assert.Contains("3.00 &#177; 1.00 (3 seeds)", html);
        Assert.Contains("&lt;sample&gt;", html);
        Assert.DoesNotContain("<script", html);
    }

    [TestMethod]
    public void Name_of_a_column_does_not_break_the_table()
    {
        using var tiny = new TinyExperiment();
        var experiment = Experiment.Load(tiny.Write(yaml => yaml.Replace("{name: error,", "{name: \"a|b\",", StringComparison.Ordinal)));

        string markdown = ExperimentMarkdown.Render(
            ExperimentTable.Collect(experiment, ExperimentPlan.Create(experiment), new Dictionary<string, LedgerEntry>()));

        Assert.Contains("|  | a\\|b: % of image | published |", markdown);
    }

    private static string Key(ExperimentPlan plan, int cell, int seed) => plan.Cells[cell].Runs[seed].Key;
}
