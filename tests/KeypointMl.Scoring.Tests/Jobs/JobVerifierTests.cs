using System.Collections.Immutable;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Jobs.Working;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class JobVerifierTests
{
    [TestMethod]
    public async Task Shards_that_are_still_to_be_done_are_named()
    {
        using var fixture = new JobFixture(6);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job", new WorkShare(1, 3));

        JobState state = await fixture.VerifyAsync("job");

        Assert.IsFalse(state.IsComplete);
        CollectionAssert.AreEqual(new[] { 0, 2 }, state.Unfinished.ToArray());
        Assert.Contains("2 of the 3 shards",
            (await Assert.ThrowsExactlyAsync<InvalidDataException>(() => new JobMerger(fixture.Open("job")).MergeAsync([]))).Message);
    }

    [TestMethod]
    public async Task Changed_content_is_found()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");
        byte[] bytes = File.ReadAllBytes(fixture.Parts("job")[0]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(fixture.Parts("job")[0], bytes);

        Assert.Contains("its content is not what the manifest says", (await fixture.VerifyAsync("job")).Problems.Single());
    }

    [TestMethod]
    [DataRow(new[] { 1, 3 }, "expected frame 0 of 'frame2.png', found frame 0 of 'frame3.png'")]
    [DataRow(new[] { 1, 2, 2, 3 }, "expected frame 0 of 'frame3.png', found frame 0 of 'frame2.png'")]
    [DataRow(new[] { 1, 2 }, "frame 0 of 'frame3.png' is missing")]
    [DataRow(new[] { 1, 2, 3, 3 }, "is of no input of the shard, or stands twice")]
    [DataRow(new[] { 2, 1, 3 }, "expected frame 0 of 'frame1.png'")]
    public async Task Rows_that_are_not_the_inputs_frames_are_found_though_the_record_vouches_for_them(int[] images, string complaint)
    {
        using var fixture = new JobFixture(3);
        fixture.Plan("job", 3);
        await fixture.WorkAsync("job");
        await ForgeAsync(fixture, images);

        Assert.Contains(complaint, (await fixture.VerifyAsync("job")).Problems.Single());
    }

    // Writes a shard of other rows, and a record that fits its bytes.
    private static async Task ForgeAsync(JobFixture fixture, int[] images)
    {
        ScoreJob job = fixture.Open("job");
        string part = fixture.Parts("job").Single();
        List<PredictionRow> rows = [];
        await foreach (PredictionRow row in PredictionParquet.ReadAsync(part, TestModels.Skeleton))
            rows.Add(row);
        await using (var sink = new ParquetSink(part, TestModels.Skeleton))
        {
            foreach (int image in images)
                await sink.WriteAsync(rows[image - 1], null, default);
            await sink.CompleteAsync(default);
        }
        (string sha256, long bytes) = await FileHash.OfFileAsync(part, default);
        using var records = new ManifestWriter(job.Folder);
        records.Append(new ShardRecord(
            0, job.Shards[0].Key, sha256, bytes, 3, 0, images.Length, 0, 1, 1, records.Worker, DateTimeOffset.UnixEpoch));
    }

    [TestMethod]
    [DataRow(2, PredictionStatus.Failed, true)]
    [DataRow(2, PredictionStatus.Ok, false)]
    [DataRow(9, PredictionStatus.Failed, true)] // it has grown
    [DataRow(9, PredictionStatus.Ok, false)]
    [DataRow(1, PredictionStatus.Ok, false)]
    public void Row_that_says_why_a_video_with_boxes_ended_may_stand_behind_it(int frame, PredictionStatus status, bool isRight)
    {
        BoxTable boxes = BoxTable.Of([new TrackedBox(0, "a", new Box(0, 0, 9, 9), "", "v.mkv")], ImmutableDictionary<string, string>.Empty);
        var input = new InputFile("v.mkv", "v.mkv") { Count = 2, ToEnd = true };
        using var rows = new ExpectedRows([input], boxes);

        Assert.IsNull(rows.Match(Row(0, "a", null)));
        Assert.AreEqual(isRight, rows.Match(Row(frame, "", status == PredictionStatus.Failed ? "damaged" : null)) is null);
        Assert.IsNull(rows.Finish());
        if (isRight)
            Assert.IsNotNull(rows.Match(Row(frame, "", "damaged")), "twice");

        static PredictionRow Row(long frame, string item, string? error) =>
            new() { Source = "v.mkv", Frame = frame, Item = item, Error = error };
    }
}
