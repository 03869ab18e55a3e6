using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Jobs.Working;
using KeypointMl.Scoring.Pipelines;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class JobWorkerTests
{
    [TestMethod]
    public async Task Finished_job_is_complete_and_merges_into_what_one_run_writes()
    {
        using var fixture = new JobFixture(20);
        fixture.Folder.WithTruncatedImage("frame7.png");
        await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);
        string expected = File.ReadAllText(fixture.Folder["merged.csv"]);
        File.Delete(fixture.Folder["merged.csv"]);
        fixture.Plan("job", 6);

        WorkSummary summary = await fixture.WorkAsync("job");
        JobState state = await fixture.VerifyAsync("job");
        long merged = await new JobMerger(fixture.Open("job")).MergeAsync([]);

        Assert.AreEqual((4, 0, 20L, 19L, 1L), (summary.Shards, summary.Skipped, summary.Frames, summary.Ok, summary.Failed));
        Assert.IsTrue(state.IsComplete, string.Join('\n', state.Problems));
        Assert.AreEqual((20L, 19L, 1L), (state.Frames, state.Ok, state.Failed));
        Assert.AreEqual(20, merged);
        Assert.AreEqual(expected, File.ReadAllText(fixture.Folder["merged.csv"]));
    }

    [TestMethod]
    public async Task Interrupted_job_goes_on_where_it_was_and_gives_the_same_bytes()
    {
        using var fixture = new JobFixture(20);
        fixture.Plan("calm", 4);
        await fixture.WorkAsync("calm");
        fixture.Plan("job", 4);
        using var stop = new CancellationTokenSource();
        await using var sink = new RowList(row =>
        {
            if (row.Source == "frame10.png")
                stop.Cancel();
        });

        await Assert.ThrowsAsync<OperationCanceledException>(() => fixture.WorkAsync("job", null, [sink], stop.Token));
        Assert.HasCount(2, fixture.Parts("job"));
        WorkSummary rest = await fixture.WorkAsync("job");

        Assert.AreEqual((3, 2), (rest.Shards, rest.Skipped));
        Assert.AreEqual(fixture.Content("calm"), fixture.Content("job"));
        Assert.IsEmpty(Directory.GetFiles(fixture.Folder["job/tmp"]));
    }

    [TestMethod]
    public async Task Workers_of_any_number_of_threads_write_the_same_bytes()
    {
        using var fixture = new JobFixture(20);
        File.Copy(ShippedModels.Detector("puppets"), fixture.Folder.Model, overwrite: true);
        fixture.Plan("one", 7);
        fixture.Plan("five", 7);

        await new JobWorker(fixture.Open("one"), WorkShare.All).RunAsync([], threads: 1);
        await new JobWorker(fixture.Open("five"), WorkShare.All).RunAsync([], threads: 5);

        Assert.AreEqual(fixture.Content("one"), fixture.Content("five"));
    }

    [TestMethod]
    public async Task Shares_of_several_workers_are_the_whole_job_and_each_shard_once()
    {
        using var fixture = new JobFixture(20);
        fixture.Plan("job", 2);

        WorkSummary[] summaries = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => fixture.WorkAsync("job", new WorkShare(i, 3))));

        CollectionAssert.AreEqual(new[] { 4, 3, 3 }, summaries.Select(summary => summary.Shards).ToArray());
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
    }

    [TestMethod]
    public async Task Two_workers_on_the_same_shards_do_no_harm()
    {
        using var fixture = new JobFixture(30);
        fixture.Plan("calm", 3);
        await fixture.WorkAsync("calm");
        fixture.Plan("job", 3);

        WorkSummary[] summaries = await Task.WhenAll(fixture.WorkAsync("job"), fixture.WorkAsync("job"));

        Assert.IsTrue(summaries.All(summary => summary.Shards + summary.Skipped == 10));
        Assert.AreEqual(fixture.Content("calm"), fixture.Content("job"));
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
    }

    [TestMethod]
    public async Task Record_that_was_torn_counts_for_nothing()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");
        string manifest = Directory.GetFiles(fixture.Folder["job/manifest"]).Single();
        byte[] bytes = File.ReadAllBytes(manifest);
        File.WriteAllBytes(manifest, bytes[..^20]);

        WorkSummary summary = await fixture.WorkAsync("job");

        Assert.AreEqual((1, 1), (summary.Shards, summary.Skipped));
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
    }

    [TestMethod]
    public async Task Shard_whose_file_is_gone_is_done_again()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");
        File.Delete(fixture.Parts("job")[1]);

        Assert.AreEqual((1, 1), await fixture.WorkAsync("job") is var summary ? (summary.Shards, summary.Skipped) : default);
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
    }

    [TestMethod]
    public async Task Leftovers_of_killed_workers_are_removed_with_their_shard()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        fixture.Folder.Write("job/tmp/.part-00000001.abc.def.tmp.parquet", "half a file");

        await fixture.WorkAsync("job", new WorkShare(1, 2));
        Assert.IsEmpty(Directory.GetFiles(fixture.Folder["job/tmp"]));

        // Begun while another worker finished the same shard.
        fixture.Folder.Write("job/tmp/part-00000001.abc.parquet", "half a file");
        fixture.Folder.Write("job/tmp/part-00000000.abc.parquet", "of a shard that is still to be done");
        await fixture.WorkAsync("job", new WorkShare(1, 2));
        Assert.EndsWith("part-00000000.abc.parquet", Directory.GetFiles(fixture.Folder["job/tmp"]).Single());
    }

    [TestMethod]
    public async Task Changed_model_is_refused_before_anything_is_scored()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        File.AppendAllText(fixture.Folder.Model, " ");

        Assert.Contains("was changed after the job",
            (await Assert.ThrowsExactlyAsync<InvalidDataException>(() => fixture.WorkAsync("job"))).Message);
        Assert.IsEmpty(fixture.Parts("job"));
    }

    [TestMethod]
    public async Task Inputs_folder_that_is_not_there_stops_the_worker_instead_of_failing_every_frame()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        Directory.Move(fixture.Folder.Images, fixture.Folder.Images + "-away");

        Assert.Contains("Is it mounted",
            (await Assert.ThrowsExactlyAsync<DirectoryNotFoundException>(() => fixture.WorkAsync("job"))).Message);
        Assert.IsEmpty(fixture.Parts("job"));
    }

    [TestMethod]
    public async Task Input_that_went_missing_after_planning_is_a_failed_row()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        File.Delete(Path.Combine(fixture.Folder.Images, "frame2.png"));

        Assert.AreEqual(1, (await fixture.WorkAsync("job")).Failed);
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Disk_of_a_list_s_files_that_is_not_mounted_stops_the_worker(bool isMountPointThere)
    {
        using var fixture = new JobFixture(4);
        string list = fixture.Folder.Write("list.txt", string.Join('\n', Directory.GetFiles(fixture.Folder.Images).Order()));
        File.WriteAllText(fixture.Pipeline,
            File.ReadAllText(fixture.Pipeline).Replace($"input: {fixture.Folder.Images}", $"input: {list}"));
        fixture.Plan("job", 2);
        Directory.Move(fixture.Folder.Images, fixture.Folder["away"]);
        if (isMountPointThere)
            Directory.CreateDirectory(fixture.Folder.Images);

        var error = await Assert.ThrowsExactlyAsync<DirectoryNotFoundException>(() => fixture.WorkAsync("job"));

        Assert.Contains("Is it mounted", error.Message);
        Assert.IsEmpty(fixture.Parts("job"));
    }
}
