using KeypointMl.Scoring.Jobs;

namespace KeypointMl.Scoring.Tests;

/// <summary>Planning that is stopped, or fails.</summary>
[TestClass]
public sealed class StoppedPlanTests
{
    [TestMethod]
    public void Plan_that_is_stopped_while_its_last_input_is_listed_is_none()
    {
        using JobFixture fixture = WithOtherFile();
        using var stop = new CancellationTokenSource();

        Assert.ThrowsExactly<OperationCanceledException>(
            () => JobPlanner.Plan(fixture.Pipeline, fixture.Folder["job"], note: _ => stop.Cancel(), cancellation: stop.Token));

        Assert.ThrowsExactly<FileNotFoundException>(() => fixture.Open("job"));
    }

    [TestMethod]
    public void Planner_that_fails_leaves_what_another_one_of_the_same_folder_writes()
    {
        using JobFixture fixture = WithOtherFile();
        string others = fixture.Folder["job/shards.jsonl"];

        Assert.ThrowsExactly<IOException>(() => JobPlanner.Plan(fixture.Pipeline, fixture.Folder["job"], note: _ =>
        {
            File.WriteAllText(others, "of the other planner");
            throw new IOException("stopped");
        }));

        Assert.AreEqual("of the other planner", File.ReadAllText(others));
        Assert.IsTrue(Directory.Exists(fixture.Folder["job/parts"]));
        Assert.AreEqual(2, fixture.Plan("job", 5).Frames, "it is planned anew");
        Assert.AreEqual(1, fixture.Open("job").Shards.Count);
    }

    private static JobFixture WithOtherFile()
    {
        var fixture = new JobFixture(2);
        File.WriteAllText(Path.Combine(fixture.Folder.Images, "notes.md"), "left out, which the planner is told at the end");
        return fixture;
    }
}
