using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Tests;

/// <summary>
/// Every frame of odd videos has its row, with its number and its own picture, whether it is scored in one piece or in
/// shards of seven frames.
/// </summary>
[TestClass]
public sealed class VideoExactnessTests
{
    [TestMethod]
    public async Task Variable_frame_rate_neither_doubles_nor_drops_a_frame()
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder =>
            VideoFiles.Make(folder, "vfr.mp4",
                ["-vf", "setpts='if(lt(N,10),N,10+(N-10)*3)/25/TB'", "-fps_mode", "vfr", "-c:v", "libx264", "-an"]));

        AssertFrames(rows, [.. Enumerable.Range(0, VideoFiles.Frames)]);
    }

    [TestMethod]
    public async Task Frames_that_an_edit_list_hides_are_not_counted()
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder => VideoFiles.Make(folder, "cut.mp4", ["-c", "copy"], "-ss", "0.48"));

        AssertFrames(rows, [.. Enumerable.Range(12, VideoFiles.Frames - 12)]);
    }

    [TestMethod]
    public async Task Container_without_a_frame_count_gives_every_frame()
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder => VideoFiles.Make(folder, "v.mkv", ["-c", "copy"]));

        AssertFrames(rows, [.. Enumerable.Range(0, VideoFiles.Frames)]);
    }

    [TestMethod]
    [DataRow("v.mp4", "", true)]
    [DataRow("v.mkv", "", true)]
    [DataRow("v.mp4", "-bf 2", true)]
    [DataRow("v.mkv", "-bf 2 -x264-params open-gop=1", false)]
    [DataRow("v.ts", "", false)]
    public async Task Shards_begin_decoding_at_a_key_frame_where_the_file_tells_of_it_for_sure(string name, string options, bool seeks)
    {
        var start = new List<long>();

        IReadOnlyList<PredictionRow> rows = await ScoreAsync(
            folder => VideoFiles.Make(
                folder, name, ["-c:v", "libx264", "-g", "6", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-an"]),
            onPlanned: job => start.AddRange(
                job.Shards.SelectMany(job.InputsOf).Where(input => input.Start is not null).Select(input => input.First)));

        AssertFrames(rows, [.. Enumerable.Range(0, VideoFiles.Frames)]);
        CollectionAssert.AreEqual(seeks ? new long[] { 7, 14, 21, 28 } : [], start);
    }

    [TestMethod]
    public async Task Variable_rate_and_hidden_frames_are_exact_from_key_frames_too()
    {
        AssertFrames(
            await ScoreAsync(folder =>
                VideoFiles.Make(folder, "vfr.mp4",
                    ["-vf", "setpts='if(lt(N,10),N,10+(N-10)*3)/25/TB'", "-fps_mode", "vfr", "-c:v", "libx264", "-g", "6", "-an"])),
            [.. Enumerable.Range(0, VideoFiles.Frames)]);
        AssertFrames(
            await ScoreAsync(folder =>
                VideoFiles.Cut(VideoFiles.Make(folder, "keys.mp4", ["-c:v", "libx264", "-g", "6"]), "0.4", folder["cut.mp4"])),
            [.. Enumerable.Range(10, VideoFiles.Frames - 10)]);
    }

    [TestMethod]
    public async Task Rotated_video_is_scored_upright()
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder =>
        {
            string path = VideoFiles.Make(folder, "r.mp4", ["-c", "copy", "-metadata:s:v:0", "rotate=90"]);
            // Since ffmpeg 6 rotation is an option of the input.
            return VideoProbe.Read(path).Width == VideoFiles.Height
                ? path
                : VideoFiles.Make(folder, "r.mp4", ["-c", "copy"], "-display_rotation:v:0", "90");
        });

        AssertFrames(rows, [.. Enumerable.Range(0, VideoFiles.Frames)]);
        Assert.IsTrue(rows.All(row => (row.FrameWidth, row.FrameHeight) == (VideoFiles.Height, VideoFiles.Width)));
    }

    [TestMethod]
    [DataRow("v.webm", "", 0)]
    [DataRow("v.webm", ", first: 5", 5)]
    [DataRow("v.mkv", ", first: 5", 5)]
    [DataRow("v.h264", ", first: 5", 5)]
    [DataRow("v.ts", ", first: 17", 17)]
    public async Task Video_that_changes_its_size_gives_every_frame_its_row_in_its_own_pixels(string name, string range, int first)
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder => VideoThatChangesSize.Make(folder, name), range);

        int[] numbers = [.. Enumerable.Range(first, VideoThatChangesSize.Frames - first)];
        CollectionAssert.AreEqual(numbers, rows.Select(row => (int)row.Frame).ToArray());
        CollectionAssert.AreEqual(numbers, rows.Select(row => VideoFiles.NumberOf(row.Confidence.Span[0])).ToArray());
        foreach (PredictionRow row in rows)
        {
            (int width, int height) = VideoThatChangesSize.SizeOf(row.Frame);
            Assert.AreEqual((width, height), (row.FrameWidth, row.FrameHeight));
            Assert.AreEqual(KeypointMl.Poses.Geometry.Box.WholeImage(width, height), row.Box);
        }
    }

    [TestMethod]
    public async Task Last_packets_that_are_cut_off_are_accounted_for()
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder =>
        {
            string path = VideoFiles.Make(folder, "v.ts", ["-c:v", "copy", "-an"]);
            byte[] whole = File.ReadAllBytes(path);
            File.WriteAllBytes(path, whole[..(whole.Length * 2 / 3 + 50)]);
            return path;
        });

        CollectionAssert.AreEqual(Enumerable.Range(0, rows.Count).ToArray(), rows.Select(row => (int)row.Frame).ToArray());
        Assert.IsTrue(rows.Count is > 5 and < VideoFiles.Frames, $"{rows.Count} rows");
        // Where packets are lost, frames that need them are: numbers count those that are there.
        int[] originals = [.. rows.Where(row => row.Status == PredictionStatus.Ok)
            .Select(row => VideoFiles.NumberOf(row.Confidence.Span[0]))];
        CollectionAssert.AreEqual(Enumerable.Range(0, 5).ToArray(), originals[..5]);
        CollectionAssert.AreEqual(originals.Distinct().Order().ToArray(), originals);
    }

    [TestMethod]
    public async Task Sound_without_pictures_is_one_failed_row()
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder => VideoFiles.Make(folder, "a.mp4", ["-vn", "-c:a", "copy"]));

        Assert.Contains("has no video stream", rows.Single().Error!);
    }

    [TestMethod]
    public async Task Video_without_frames_is_one_failed_row()
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder => VideoFiles.Make(folder, "zero.mp4", ["-t", "0", "-c:v", "libx264"]));

        Assert.AreEqual((0L, PredictionStatus.Failed), (rows.Single().Frame, rows.Single().Status));
    }

    [TestMethod]
    public async Task Range_that_begins_behind_the_end_is_one_failed_row()
    {
        IReadOnlyList<PredictionRow> rows = await ScoreAsync(folder => VideoFiles.Make(folder, "v.mkv", ["-c", "copy"]), ", first: 40");

        Assert.AreEqual(40, rows.Single().Frame);
        Assert.Contains("v.mkv ends before this frame.", rows.Single().Error!);
    }

    private static void AssertFrames(IReadOnlyList<PredictionRow> rows, int[] originals)
    {
        foreach (PredictionRow row in rows)
            Assert.AreEqual(PredictionStatus.Ok, row.Status, row.Error);
        CollectionAssert.AreEqual(Enumerable.Range(0, originals.Length).ToArray(), rows.Select(row => (int)row.Frame).ToArray());
        CollectionAssert.AreEqual(originals, rows.Select(row => VideoFiles.NumberOf(row.Confidence.Span[0])).ToArray());
    }

    // Scores in one piece and in shards, and gives the rows, which must be the same.
    private static async Task<IReadOnlyList<PredictionRow>> ScoreAsync(
        Func<TemporaryFolder, string> make, string range = "", Action<ScoreJob>? onPlanned = null)
    {
        RealData.RequireFfmpeg();
        using var videos = new TemporaryFolder();
        using var fixture = new JobFixture(0);
        File.WriteAllText(fixture.Pipeline,
            File.ReadAllText(fixture.Pipeline).Replace($"input: {fixture.Folder.Images}", $"inputs: [{{ path: {make(videos)}{range} }}]"));
        await using var whole = new RowList();
        await ScorePipeline.Load(fixture.Pipeline).RunAsync([whole]);
        fixture.Plan("job", 7);
        onPlanned?.Invoke(fixture.Open("job"));
        await using var parts = new RowList();

        await fixture.WorkAsync("job", null, [parts]);

        JobState state = await fixture.VerifyAsync("job");
        Assert.IsTrue(state.IsComplete, string.Join('\n', state.Problems));
        CollectionAssert.AreEqual(whole.Rows.Select(Text).ToArray(), parts.Rows.Select(Text).ToArray());
        return whole.Rows;

        static string Text(PredictionRow row) =>
            $"{row.Frame} {row.StatusText} {row.FrameWidth}×{row.FrameHeight} {string.Join(' ', row.Confidence.ToArray())}";
    }
}
