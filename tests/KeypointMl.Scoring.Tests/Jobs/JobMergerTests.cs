using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class JobMergerTests
{
    [TestMethod]
    public async Task Output_that_would_replace_a_part_or_an_input_is_refused()
    {
        using var fixture = new JobFixture(3);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");
        string part = fixture.Parts("job")[0];
        byte[] before = File.ReadAllBytes(part);
        File.Move(fixture.Folder.Model, fixture.Folder["detector.json"]);
        File.CreateSymbolicLink(fixture.Folder.Model, fixture.Folder["detector.json"]);

        foreach (string output in (string[])[part, fixture.Folder["job/tmp/../parts/" + Path.GetFileName(part)],
            fixture.Folder["detector.json"]])
        {
            var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(
                () => new JobMerger(fixture.Open("job")).MergeAsync([output]));
            Assert.Contains("would replace the input", error.Message, output);
        }
        CollectionAssert.AreEqual(before, File.ReadAllBytes(part));
        Assert.AreEqual(3, await new JobMerger(fixture.Open("job")).MergeAsync([fixture.Folder["all.csv"]]));
    }

    [TestMethod]
    public async Task Output_onto_the_list_of_inputs_is_refused_from_any_folder()
    {
        using var fixture = new JobFixture(2);
        string list = fixture.Folder.Write("list.csv", "path\nimages/frame1.png\n");
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), list);
        File.WriteAllText(fixture.Pipeline, File.ReadAllText(fixture.Pipeline).Replace(
            $"input: {fixture.Folder.Images}", $"input: {{ path: {relative} }}"));
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");
        string plan = fixture.Folder["job/plan.json"];

        ScoreJob job = fixture.Open("job");
        Assert.IsTrue(Path.IsPathFullyQualified(job.Pipeline.Inputs.Single().Path), File.ReadAllText(plan));
        await Assert.ThrowsExactlyAsync<InvalidDataException>(() => new JobMerger(job).MergeAsync([list]));
    }

    [TestMethod]
    public async Task Merging_that_is_stopped_writes_nothing()
    {
        using var fixture = new JobFixture(3);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => new JobMerger(fixture.Open("job")).MergeAsync([], new CancellationToken(canceled: true)));

        Assert.IsFalse(File.Exists(fixture.Folder["merged.csv"]));
    }
}
