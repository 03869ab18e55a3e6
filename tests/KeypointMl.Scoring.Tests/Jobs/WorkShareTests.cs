using KeypointMl.Scoring.Jobs.Working;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class WorkShareTests
{
    [TestMethod]
    [DataRow("0/1", 0, 1)]
    [DataRow("3/4", 3, 4)]
    public void Share_is_read(string text, int index, int count) =>
    Assert.AreEqual(new WorkShare(index, count), WorkShare.Parse(text, _ => null));

    [TestMethod]
    [DataRow("4/4")]
    [DataRow("-1/4")]
    [DataRow("1")]
    [DataRow("a/b")]
    [DataRow("1/0")]
    public void Share_outside_its_range_is_refused(string text) =>
    Assert.Contains("expected auto, or i/n", Assert.ThrowsExactly<ArgumentException>(() => WorkShare.Parse(text, _ => null)).Message);

    [TestMethod]
    [DataRow("SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_STEP=2", 3, 4)]
    [DataRow("SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=16", 5, 16)]
    [DataRow("JOB_COMPLETION_INDEX=2 KEYPOINTML_WORKERS=3", 2, 3)]
    public void Auto_asks_the_engine_s_environment(string environment, int index, int count) =>
        Assert.AreEqual(new WorkShare(index, count), WorkShare.Parse("auto", Variables(environment)));

    [TestMethod]
    [DataRow("", "Give i/n instead")]
    [DataRow("JOB_COMPLETION_INDEX=2", "KEYPOINTML_WORKERS is ''; expected a whole number: the Job's completions")]
    [DataRow("JOB_COMPLETION_INDEX=3 KEYPOINTML_WORKERS=3", "expected a smaller index")]
    [DataRow("SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=3", "Take --array=0-2")]
    public void Auto_that_is_not_answered_says_what_is_missing(string environment, string complaint) =>
        Assert.Contains(complaint, Assert.ThrowsExactly<ArgumentException>(() => WorkShare.Parse("auto", Variables(environment))).Message);

    private static Func<string, string?> Variables(string text)
    {
        Dictionary<string, string> variables = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return name => variables.GetValueOrDefault(name);
    }
}
