using System.Numerics;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class DeepLabCutSinkTests
{
    private static readonly Skeleton Fly = new("fly", ["head", "tail"], []);

    [TestMethod]
    public async Task Tracks_become_individuals_and_frames_without_a_pose_count()
    {
        using var folder = new TemporaryFolder();

        await WriteAsync(folder["p.h5"],
            Row("v.mp4", 0) with { Error = "cannot be read" }, Row("v.mp4", 1, "2", 10), Row("v.mp4", 1, "1", 20),
            Row("v.mp4", 4, "1", 30), Row("v.mp4", 4, "Anna", 40) with { Error = "outside" });

        PoseTable table = PoseFile.Read(folder["p.h5"]);
        CollectionAssert.AreEqual(
            new[] { (1L, "2", 10f), (1L, "1", 20f), (4L, "1", 30f) },
            table.Rows.Select(row => (row.Frame, row.Item, row.Points[0].X)).ToArray());
        CollectionAssert.AreEqual(new[] { 0.5f, 0.25f }, table.Rows[0].Scores);
    }

    [TestMethod]
    public async Task Images_are_named_by_their_paths()
    {
        using var folder = new TemporaryFolder();

        await WriteAsync(folder["p.h5"], Row("a/b/1.png", 0, "", 1), Row("a/b/22.png", 0, "", 2));

        PoseTable table = PoseFile.Read(folder["p.h5"]);
        CollectionAssert.AreEqual(new[] { "a/b/1.png", "a/b/22.png" }, table.Rows.Select(row => row.Source).ToArray());
        Assert.AreEqual(2, table.Rows[1].Points[1].Y);
    }

    [TestMethod]
    public async Task Second_video_is_refused_and_no_file_appears()
    {
        using var folder = new TemporaryFolder();

        await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => WriteAsync(folder["p.h5"], Row("v.mp4", 0, "", 1), Row("w.mp4", 0, "", 1)));

        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("p.h5", "a.mp4", "b.mp4", true)]
    [DataRow("p.H5", "a.png", "b.mp4", true)]
    [DataRow("p.h5", "a.png", "b.png", false)]
    [DataRow("p.csv", "a.mp4", "b.mp4", false)]
    [DataRow("p.deeplabcut.csv", "a.mp4", "b.mp4", true)]
    [DataRow("p.deeplabcut.csv", "a.mp4", "a.png", true)]
    public void Inputs_that_one_file_cannot_hold_are_refused_before_scoring(string output, string first, string second, bool isRefused)
    {
        IEnumerable<InputFile> files = DeepLabCutFiles.Check([output], [new InputFile(first, first), new InputFile(second, second)]);

        if (isRefused)
            Assert.Contains($"'{first}' and '{second}'", Assert.ThrowsExactly<InvalidDataException>(() => files.Count()).Message);
        else
            Assert.AreEqual(2, files.Count());
    }

    private static PredictionRow Row(string source, long frame, string item = "", float value = 0) => new()
    {
        Source = source,
        Frame = frame,
        Item = item,
        Box = new Box(0, 0, 8, 8),
        Keypoints = new Vector2[] { new(value), new(value) },
        Confidence = new float[] { 0.5f, 0.25f },
    };

    private static async Task WriteAsync(string path, params PredictionRow[] rows)
    {
        await using IPredictionSink sink = PredictionFiles.Create(path, Fly);
        foreach (PredictionRow row in rows)
            await sink.WriteAsync(row, null, default);
        await sink.CompleteAsync(default);
    }

    [TestMethod]
    public async Task Confidence_stays_where_a_threshold_took_the_point()
    {
        using var folder = new TemporaryFolder();
        Vector2[] points = [new(float.NaN), new(2, 3)];

        await WriteAsync(folder["p.deeplabcut.csv"], Row("v.mp4", 0, "", 1) with { Keypoints = points }, Row("v.mp4", 1) with { Error = "dark" });

        string[] lines = await File.ReadAllLinesAsync(folder["p.deeplabcut.csv"]);
        Assert.AreEqual("0,,,0.5,2,3,0.25", lines[^2]);
        Assert.AreEqual("1,,,,,,", lines[^1]);
    }

    [TestMethod]
    public async Task Predictions_of_images_in_folders_have_one_column_for_the_path()
    {
        using var folder = new TemporaryFolder();

        await WriteAsync(folder["p.deeplabcut.csv"], Row("labeled-data/v/1.png", 0, "", 1));

        string[] lines = await File.ReadAllLinesAsync(folder["p.deeplabcut.csv"]);
        Assert.StartsWith("bodyparts,head,", lines[1]);
        Assert.StartsWith("labeled-data/v/1.png,", lines[^1]);
    }
}
