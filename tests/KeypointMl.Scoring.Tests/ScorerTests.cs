using System.Numerics;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Reading;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class ScorerTests
{
    // The test detector's sums of 255-valued pixels are exact in float32 up to the last division.
    private const float Tolerance = 1e-3f;

    [TestMethod]
    [DataRow(1, 3)]
    [DataRow(3, 1)]
    [DataRow(3, 16)]
    public async Task Every_image_gives_its_row_in_order_whatever_the_batch_and_the_threads(int batch, int threads)
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(11).WithTruncatedImage("frame4.png");

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) = await folder.ScoreAsync(folder.Pipeline("p.csv") with
        {
            Batch = batch,
            Threads = threads,
        });

        Assert.AreEqual((11L, 0L, 10L, 1L), (summary.Frames, summary.FramesWithoutBox, summary.Ok, summary.Failed));
        CollectionAssert.AreEqual(Enumerable.Range(1, 11).Select(i => $"frame{i}.png").ToArray(), rows.Select(row => row.Source).ToArray());
        for (int i = 1; i <= 11; i++)
        {
            PredictionRow row = rows[i - 1];
            if (i == 4)
                continue;
            Assert.AreEqual(PredictionStatus.Ok, row.Status, row.Error);
            Assert.AreEqual(Box.WholeImage(TestModels.Width, TestModels.Height), row.Box);
            AssertPoints(TestImages.Dots(i), row);
        }
    }

    [TestMethod]
    public async Task Unreadable_image_is_a_failed_row_with_the_reason()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1).WithTruncatedImage("cut.png");
        string list = folder.Write("list.txt", "images/frame1.png\nimages/cut.png\nimages/none.png\nempty.png\n");
        folder.Write("empty.png", "");

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) = await folder.ScoreAsync(folder.Pipeline("p.csv", list));

        Assert.AreEqual((1L, 3L), (summary.Ok, summary.Failed));
        Assert.Contains("cut.png", rows[1].Error!);
        Assert.Contains("There is no image", rows[2].Error!);
        Assert.Contains("is empty", rows[3].Error!);
        foreach (PredictionRow row in rows.Skip(1))
        {
            Assert.IsNull(row.Box);
            Assert.IsTrue(row.Keypoints.IsEmpty && row.Confidence.IsEmpty);
        }
    }

    [TestMethod]
    public async Task Many_failures_in_a_row_do_not_stop_the_rest()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);
        string list = folder.Write(
            "list.txt", string.Join('\n', Enumerable.Range(0, 100).Select(i => $"none{i}.png").Append("images/frame1.png")));

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) = await folder.ScoreAsync(folder.Pipeline("p.csv", list));

        Assert.AreEqual((1L, 100L), (summary.Ok, summary.Failed));
        AssertPoints(TestImages.Dots(1), rows[^1]);
    }

    [TestMethod]
    public async Task Boxes_are_cropped_and_mapped_back_to_the_whole_image()
    {
        using var folder = new ScoringFolder();
        // Two subjects of the detector's size in one picture of twice the width.
        RgbImage wide = new(2 * TestModels.Width, TestModels.Height);
        for (int item = 0; item < 2; item++)
        {
            for (int k = 0; k < 3; k++)
            {
                Vector2 dot = TestImages.Dots(item + 1)[k];
                wide.Pixels[((int)dot.Y * wide.Width + (int)dot.X + item * TestModels.Width) * 3 + k] = 255;
            }
        }
        ImageWriter.Write(wide, Path.Combine(folder.Images, "two.png"));
        ImageWriter.Write(wide, Path.Combine(folder.Images, "unboxed.png"));
        string boxes = folder.Write("boxes.csv", """
            source,frame,track,x,y,width,height
            two.png,0,left,0,0,20,16
            two.png,0,right,20,0,20,16
            two.png,0,outside,500,0,20,16

            """);

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) = await folder.ScoreAsync(folder.Pipeline("p.csv") with
        {
            Boxes = boxes,
        });

        Assert.AreEqual((2L, 1L, 2L, 1L), (summary.Frames, summary.FramesWithoutBox, summary.Ok, summary.Failed));
        CollectionAssert.AreEqual(new[] { "left", "right", "outside" }, rows.Select(row => row.Item).ToArray());
        AssertPoints(TestImages.Dots(1), rows[0]);
        AssertPoints([.. TestImages.Dots(2).Select(dot => dot + new Vector2(TestModels.Width, 0))], rows[1]);
        Assert.Contains($"{boxes}:4: the box (500, 0, 20×16) lies outside the 40×16 frame", rows[2].Error!);
        Assert.AreEqual(new Box(500, 0, 20, 16), rows[2].Box);
    }

    [TestMethod]
    [DataRow("frame,track,x,y,width,height\n0,a,0,0,5,5\n", "Add a column 'source'")]
    [DataRow("source,frame,track,x,y,width,height\nother.png,0,a,0,0,5,5\n", "boxes.csv:2: there is no input 'other.png'")]
    [DataRow("source,frame,track,x,y,width,height\nframe1.png,3,a,0,0,5,5\n", "its only frame is 0")]
    [DataRow("source,frame,track,x,y,width,height\nframe1.png,0,a,0,0,5,nan\n", "boxes.csv:2:")]
    public async Task Boxes_that_do_not_fit_the_inputs_are_refused_before_work_starts(string csv, string complaint)
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(2);
        ScorePipeline pipeline = folder.Pipeline("p.csv") with { Boxes = folder.Write("boxes.csv", csv) };

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(pipeline));

        Assert.Contains(complaint, error.Message);
    }

    [TestMethod]
    [DataRow("p.parquet", 1)]
    [DataRow("p.csv", 1)]
    [DataRow("p.jsonl", 1)]
    [DataRow("p.json", 1)]
    [DataRow("p.parquet", 12)]
    [DataRow("p.csv", 12)]
    [DataRow("p.jsonl", 12)]
    [DataRow("p.json", 12)]
    public async Task Cancelled_scoring_leaves_nothing_and_an_old_file_as_it_was(string output, int atRow)
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(12);
        folder.Write($"out/{output}", "old");
        using var stop = new CancellationTokenSource();
        int rows = 0;
        await using var sink = new RowList(row =>
        {
            if (++rows == atRow)
                stop.Cancel();
        });

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => folder.Pipeline($"out/{output}").RunAsync([sink], monitor: null, stop.Token));

        Assert.IsFalse(sink.IsCompleted);
        Assert.AreEqual("old", File.ReadAllText(Directory.GetFiles(folder["out"]).Single()));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1025)]
    [DataRow(int.MaxValue)]
    public void Threads_that_no_machine_has_are_refused_in_code_too(int threads)
    {
        using ScoringFolder folder = new();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ScoringOptions { DecodeThreads = threads });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ScoringOptions { ParallelRuns = threads });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => folder.Pipeline("p.csv") with { Threads = threads });
    }

    [TestMethod]
    public async Task Sink_that_fails_ends_scoring_with_its_own_error()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(20);
        await using var sink = new RowList(row => throw new IOException("disk full"));

        var error = await Assert.ThrowsExactlyAsync<IOException>(() => folder.Pipeline("out/p.parquet").RunAsync([sink]));

        Assert.AreEqual("disk full", error.Message);
        Assert.IsEmpty(Directory.GetFiles(folder["out"]));
    }

    [TestMethod]
    public async Task Overlays_show_the_skeleton_under_the_image_s_own_name()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(2).WithTruncatedImage("cut.png");
        Directory.CreateDirectory(Path.Combine(folder.Images, "deep"));
        ImageWriter.Write(TestImages.Numbered(3), Path.Combine(folder.Images, "deep", "a.jpg"));

        await folder.ScoreAsync(folder.Pipeline("p.csv") with { Overlays = folder["overlays"] });

        CollectionAssert.AreEquivalent(
            new[] { "frame1.png", "frame2.png", "deep/a.jpg" },
            Directory.GetFiles(folder["overlays"], "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder["overlays"], path).Replace('\\', '/')).ToArray());
        RgbImage drawn = ImageDecoder.Decode(folder["overlays/frame1.png"]);
        CollectionAssert.AreEqual(PosePainter.Paint(TestImages.Numbered(1), TestModels.Skeleton, TestImages.Dots(1)).Pixels, drawn.Pixels);
    }

    [TestMethod]
    public async Task Pipe_in_a_folder_is_a_failed_row()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);
        using var pipes = new TemporaryFolder();
        File.Move(Pipes.Make(pipes, "b.png"), Path.Combine(folder.Images, "b.png"));

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) = await folder.ScoreAsync(folder.Pipeline("p.csv"));

        Assert.AreEqual((1, 1), (summary.Ok, summary.Failed));
        Assert.Contains("b.png is a pipe (FIFO)", rows[0].Error!);
    }

    private static void AssertPoints(Vector2[] expected, PredictionRow row)
    {
        Assert.AreEqual(expected.Length, row.Keypoints.Length, row.Error);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.IsLessThan(Tolerance, Vector2.Distance(expected[k], row.Keypoints.Span[k]),
                $"{row.Source}, keypoint {k}: {row.Keypoints.Span[k]}, expected {expected[k]}");
        }
    }
}
