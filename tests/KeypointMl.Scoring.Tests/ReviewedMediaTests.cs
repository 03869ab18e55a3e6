using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Review;
using KeypointMl.Scoring.Rows;
using static KeypointMl.Scoring.Tests.PredictionReviewTests;
using static KeypointMl.Scoring.Tests.ReviewedWalk;

namespace KeypointMl.Scoring.Tests;

/// <summary>Pictures of what is reviewed, and rows that would keep a review from its end.</summary>
[TestClass]
public sealed class ReviewedMediaTests
{
    [TestMethod]
    public async Task Review_that_is_stopped_leaves_an_old_page()
    {
        using var folder = new TemporaryFolder();
        PredictionRow[] rows = Walk();
        rows[40] = Moved(rows[40], 3, new(0, 30));
        await ReviewAsync(folder, "p.csv", rows);
        string page = folder.Write("review.html", "old"), table = folder.Write("review.csv", "old");
        var review = new PredictionReview { Predictions = folder["p.csv"], Page = page, Table = table };

        await Assert.ThrowsAsync<OperationCanceledException>(() => review.RunAsync(new CancellationToken(canceled: true)));

        Assert.AreEqual("old", File.ReadAllText(page));
        Assert.AreEqual("old", File.ReadAllText(table));
    }

    [TestMethod]
    public void Ffmpeg_that_was_ended_is_no_fault_of_the_source()
    {
        using var folder = new TemporaryFolder();
        var media = new ReviewMedia([WriteImage(folder, "a.png")], folder["p.csv"], ["a.png"]);

        Assert.ThrowsExactly<FfmpegEndedException>(
            () => media.Read("a.png", [0], (_, _) => throw new FfmpegEndedException("ended"), CancellationToken.None));
        media.Read("a.png", [0], (_, _) => throw new IOException("unreadable"), CancellationToken.None);

        Assert.Contains("unreadable", media.Notes.Single());
    }

    [TestMethod]
    public void Input_is_found_under_the_prefix_that_its_name_has_in_the_results()
    {
        using var folder = new TemporaryFolder();
        string left = WriteImage(folder, "left/a.png"), right = WriteImage(folder, "right/b.png");
        WriteImage(folder, "right/a.png");

        var one = new ReviewMedia([left, right], folder["p.csv"], ["cam1/a.png", "deep/cam2/b.png", "b.png.png"]);
        var two = new ReviewMedia([left], folder["p.csv"], ["cam1/a.png", "cam2/a.png"]);
        var same = new ReviewMedia([left, folder["right/a.png"]], folder["p.csv"], ["cam1/a.png"]);

        Assert.AreEqual(left, one.Find("cam1/a.png"));
        Assert.AreEqual(right, one.Find("deep/cam2/b.png"));
        Assert.IsNull(one.Find("b.png.png"));
        Assert.IsNull(two.Find("cam2/a.png"), "of two cameras");
        Assert.IsNull(same.Find("cam1/a.png"), "of two files");
    }

    [TestMethod]
    public void Box_far_away_has_no_picture()
    {
        PredictionRow row = Walk()[0];

        Assert.IsNull(Thumbnail.Of(new RgbImage(160, 120), row with { Box = new Box(2_000_000, 0, 100, 100) }, Body));
        Assert.IsNotNull(Thumbnail.Of(new RgbImage(160, 120), row, Body));
    }

    [TestMethod]
    public async Task Row_without_keypoints_that_did_not_fail_is_named()
    {
        using var folder = new TemporaryFolder();
        string row = """{"source":"v.mp4","frame":0,"item":"","box":null,"status":"ok","error":null,"keypoints":{}}""";
        var review = new PredictionReview { Predictions = folder.Write("p.jsonl", row + "\n"), Page = folder["r.html"] };

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => review.RunAsync());

        Assert.Contains("p.jsonl:1 is no row of predictions (it has no keypoints", error.Message);
    }

    private static string WriteImage(TemporaryFolder folder, string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        ImageWriter.Write(new RgbImage(8, 8), folder[name]);
        return folder[name];
    }
}
