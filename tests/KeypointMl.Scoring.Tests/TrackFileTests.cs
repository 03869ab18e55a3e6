using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Tests;

/// <summary>Two tracks of a video in every format that tells tracks apart.</summary>
[TestClass]
public sealed class TrackFileTests
{
    [TestMethod]
    public async Task Coco_has_a_number_for_each_track()
    {
        using var folder = new TemporaryFolder();

        await WriteAsync(folder["p.json"], Row(0, "7"), Row(0, "mouse"), Row(1, "7"), Row(1, "mouse"), Row(2, ""));

        using var coco = JsonDocument.Parse(File.ReadAllText(folder["p.json"]));
        JsonElement[] annotations = [.. coco.RootElement.GetProperty("annotations").EnumerateArray()];
        CollectionAssert.AreEqual(
            new long[] { 7, 0, 7, 0 }, annotations[..4].Select(annotation => annotation.GetProperty("track_id").GetInt64()).ToArray());
        Assert.IsFalse(annotations[4].TryGetProperty("track_id", out _));
    }

    [TestMethod]
    public async Task DeepLabCut_s_table_has_individuals_and_a_line_for_each_frame()
    {
        using var folder = new TemporaryFolder();
        string path = folder["p.deeplabcut.csv"];

        await WriteAsync(path, Row(1, "0"), Row(1, "1"), Failed(3), Row(4, "1"));

        string[] lines = File.ReadAllLines(path);
        Assert.StartsWith("scorer,KeypointMl,", lines[0]);
        Assert.AreEqual("individuals," + string.Join(',', Enumerable.Repeat("0", 9).Concat(Enumerable.Repeat("1", 9))), lines[1]);
        Assert.StartsWith("bodyparts,red,red,red,green", lines[2]);
        Assert.StartsWith("coords,x,y,likelihood,x", lines[3]);
        CollectionAssert.AreEqual(new[] { "0", "1", "2", "3", "4" }, lines[4..].Select(line => line.Split(',')[0]).ToArray());
        Assert.AreEqual(new string(',', 18), lines[4][1..]);
        PoseTable table = PoseFile.Read(path);
        Assert.AreEqual(new Vector2(5, 1), table.Rows.Single(row => row is { Frame: 4, Item: "1" }).Points[0]);
        Assert.AreEqual(0.5f, table.Rows.Single(row => row is { Frame: 1, Item: "0" }).Scores![2]);
    }

    [TestMethod]
    public async Task DeepLabCut_s_table_of_one_animal_has_three_header_lines()
    {
        using var folder = new TemporaryFolder();
        string path = folder["p.deeplabcut.csv"];

        await WriteAsync(path, Row(0, "0"), Row(1, "0"));

        string[] lines = File.ReadAllLines(path);
        Assert.HasCount(5, lines);
        Assert.StartsWith("bodyparts,", lines[1]);
        Assert.StartsWith("coords,", lines[2]);
    }

    [TestMethod]
    public async Task Sleap_s_file_has_the_tracks_and_scores()
    {
        using var folder = new TemporaryFolder();
        string path = folder["p.slp"];

        await WriteAsync(path, Row(0, "0"), Row(0, "1"), Failed(1), Row(2, "1"));

        PoseTable table = PoseFile.Read(path);
        CollectionAssert.AreEqual(new[] { (0L, "0"), (0L, "1"), (2L, "1") }, table.Rows.Select(row => (row.Frame, row.Item)).ToArray());
        Assert.AreEqual(new Vector2(3, 1), table.Rows[2].Points[0]);
        Assert.AreEqual(0.5f, table.Rows[2].Scores![2]);
    }

    [TestMethod]
    public async Task DeepLabCut_s_table_of_several_videos_is_refused_before_they_are_scored()
    {
        using var folder = new ScoringFolder();
        folder.Write("a.mp4", "never opened");
        folder.Write("b.mp4", "never opened");

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => folder.ScoreAsync(folder.Pipeline("p.deeplabcut.csv", folder["*.mp4"])));

        Assert.Contains("DeepLabCut, which has a file for each video", error.Message);
    }

    [TestMethod]
    public void Each_track_is_drawn_in_its_own_colour()
    {
        RgbImage picture = new(60, 20);
        PredictionRow[] rows = [Line("0", 3), Line("1", 33)];

        RgbImage drawn = RowPainter.Paint(picture, TestModels.Skeleton, rows);

        Assert.AreEqual(TrackColor.Of("0"), ColorAt(drawn, 12, 10));
        Assert.AreEqual(TrackColor.Of("1"), ColorAt(drawn, 42, 10));
        Assert.AreNotEqual(TrackColor.Of("0"), TrackColor.Of("1"));
        Assert.AreEqual(TrackColor.Of("mouse"), TrackColor.Of("mouse"));
    }

    private static PredictionRow Line(string track, float left) => Row(0, track) with
    {
        Box = new Box(left, 0, 400, 20),
        Keypoints = new[] { new Vector2(left, 10), new Vector2(left + 20, 10), new Vector2(float.NaN) },
    };

    private static RgbColor ColorAt(RgbImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.AsSpan((y * image.Width + x) * 3, 3);
        return new RgbColor(pixel[0], pixel[1], pixel[2]);
    }

    private static PredictionRow Row(long frame, string item) => new()
    {
        Source = "v.mp4",
        Frame = frame,
        Item = item,
        Box = new Box(0, 0, 9, 9),
        Keypoints = new[] { new Vector2(frame + 1, 1), new Vector2(2, 2), new Vector2(3, 3) },
        Confidence = new[] { 0.25f, 0.75f, 0.5f },
        FrameWidth = 20,
        FrameHeight = 16,
    };

    private static PredictionRow Failed(long frame) => new() { Source = "v.mp4", Frame = frame, Error = "no" };

    private static async Task WriteAsync(string path, params PredictionRow[] rows)
    {
        await using IPredictionSink sink = PredictionFiles.Create(path, TestModels.Skeleton);
        foreach (PredictionRow row in rows)
            await sink.WriteAsync(row, null, CancellationToken.None);
        await sink.CompleteAsync(CancellationToken.None);
    }
}
