using KeypointMl.Scoring.Review;
using KeypointMl.Scoring.Rows;
using static KeypointMl.Scoring.Tests.PredictionReviewTests;
using static KeypointMl.Scoring.Tests.ReviewedWalk;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class ReviewedFilesTests
{
    [TestMethod]
    public async Task Rows_far_apart_of_one_video_do_not_hide_neighbours_of_another()
    {
        using var folder = new TemporaryFolder();
        PredictionRow[] rows = Walk();
        foreach (int i in (int[])[50, 150])
            rows[i] = rows[i] with { Confidence = new[] { 0.1f, 0.1f, 0.1f, 0.1f, 0.1f } };
        PredictionRow[] sparse = [.. rows.Take(2).Select((row, i) => row with { Source = "w.mp4", Frame = 5000 * i })];

        string[][] list = await ReviewAsync(folder, "p.parquet", [.. rows, .. sparse]);

        CollectionAssert.AreEquivalent(new[] { "50", "150" }, list.Select(line => line[1]).ToArray());
    }

    [TestMethod]
    public async Task Csv_says_why_rows_failed_as_parquet_does()
    {
        using var folder = new TemporaryFolder();
        PredictionRow[] rows = Walk();
        rows[7] = rows[7] with { Error = "the file is damaged" };
        rows[9] = rows[9] with { Keypoints = Enumerable.Repeat(new System.Numerics.Vector2(float.NaN), 5).ToArray() };

        await ReviewAsync(folder, "p.csv", rows);

        string page = File.ReadAllText(folder["review.html"]);
        Assert.Contains("the file is damaged", page);
        Assert.DoesNotContain("the file has no keypoints for it", page);
    }

    [TestMethod]
    [DataRow(59.967, "1:00.0")]
    [DataRow(3599.96, "1:00:00.0")]
    [DataRow(61.24, "1:01.2")]
    public void Times_are_rounded_as_a_whole(double seconds, string text) => Assert.AreEqual(text, ReviewPage.TimeText(seconds));

    [TestMethod]
    public async Task Coco_says_which_frames_failed_and_why()
    {
        using var folder = new TemporaryFolder();
        PredictionRow[] rows = Walk();
        rows[7] = rows[7] with { Error = "the file is damaged", Keypoints = default, Confidence = default };

        await ReviewAsync(folder, "p.json", rows);

        string page = File.ReadAllText(folder["review.html"]);
        Assert.Contains("1 rows have no keypoints", page);
        Assert.Contains("the file is damaged", page);
    }
}
