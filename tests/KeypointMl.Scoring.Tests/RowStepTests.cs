using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class RowStepTests
{
    private static readonly Skeleton Point = new("point", ["p"], []);

    [TestMethod]
    public void Threshold_takes_the_position_away_and_keeps_the_confidence()
    {
        PredictionRow row = Run([new ConfidenceThreshold(0.5f)], Row(0, 3) with { Confidence = new[] { 0.49f } }).Single();

        Assert.IsTrue(float.IsNaN(row.Keypoints.Span[0].X));
        Assert.AreEqual(0.49f, row.Confidence.Span[0]);
        Assert.AreEqual(PredictionStatus.Ok, row.Status);
    }

    [TestMethod]
    public void Median_takes_out_a_single_outlier_and_keeps_an_edge()
    {
        float[] x = [0, 0, 100, 0, 0, 8, 8, 8, 8];

        PredictionRow[] rows = Run([new MedianSmoothing(3)], [.. x.Select((value, frame) => Row(frame, value))]);

        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 0, 8, 8, 8, 8 }, rows.Select(X).ToArray());
    }

    [TestMethod]
    public void Median_is_of_frames_of_the_same_track_that_did_not_fail()
    {
        PredictionRow[] rows = Run(
            [new MedianSmoothing(3)],
            Row(0, 1, "a", 2), Row(0, 50, "b", 2), Row(2, 3, "a", 2), Failed(2, "b"), Row(4, 9, "a", 2), Row(4, 70, "b", 2));

        CollectionAssert.AreEqual(new[] { "0a", "0b", "2a", "2b", "4a", "4b" }, rows.Select(row => $"{row.Frame}{row.Item}").ToArray());
        Assert.AreEqual(3, X(rows[2]));
        Assert.AreEqual(PredictionStatus.Failed, rows[3].Status);
        Assert.AreEqual(70, X(rows[5]));
    }

    [TestMethod]
    public void Median_does_not_reach_into_another_video_nor_across_a_gap()
    {
        PredictionRow[] rows = Run([new MedianSmoothing(5)], Row(0, 1), Row(1, 2), Row(9, 100), Row(0, 7) with { Source = "w.mp4" });

        CollectionAssert.AreEqual(new[] { 1.5f, 1.5f, 100, 7 }, rows.Select(X).ToArray());
    }

    [TestMethod]
    public void Median_holds_no_more_rows_than_its_windows()
    {
        IRowStep step = new MedianSmoothing(5).Start(Point);

        int waiting = 0;
        for (int frame = 0; frame < 1000; frame++)
        {
            waiting += 1 - step.Push(new ScoredRow(Row(frame, frame), null)).Count();
            Assert.IsLessThanOrEqualTo(3, waiting);
        }
        Assert.HasCount(waiting, step.Flush().ToArray());
    }

    [TestMethod]
    public void One_euro_agrees_with_the_paper_s_algorithm()
    {
        // Casiez et al., algorithm 1, by hand: rate 10 Hz, cut-off 1 Hz + 0.1 |speed|, derivative cut-off 1 Hz; values 0, 1.
        double tau = 1 / (2 * Math.PI), speed = Alpha(tau) * (1 - 0) * 10;
        double expected = Alpha(1 / (2 * Math.PI * (1 + 0.1 * speed)));

        PredictionRow[] rows = Run([new OneEuroSmoothing(10, 1, 0.1, 1)], Row(0, 0), Row(1, 1));

        Assert.AreEqual(0, X(rows[0]));
        Assert.AreEqual(expected, X(rows[1]), 1e-6);

        static double Alpha(double tau) => 1 / (1 + tau * 10);
    }

    [TestMethod]
    public void One_euro_follows_each_track_and_begins_anew_in_another_video()
    {
        PredictionRow[] rows =
            Run([new OneEuroSmoothing(25)], Row(0, 0, "a"), Row(0, 90, "b"), Row(1, 10, "a"), Row(1, 90, "b"), Row(0, 50, "a") with
            {
                Source = "w.mp4",
            });

        Assert.AreEqual(90, X(rows[3]));
        Assert.IsTrue(X(rows[2]) is > 0 and < 10);
        Assert.AreEqual(50, X(rows[4]));
    }

    [TestMethod]
    public void Normalised_poses_stand_beside_those_in_pixels()
    {
        var skeleton = new Skeleton("two", ["a", "b"], []);
        PredictionRow row = Row(0, 0) with { Keypoints = new Vector2[] { new(10, 20), new(10, 24) }, Confidence = new[] { 1f, 1f } };

        PredictionRow normalized = Run(skeleton, [new NormalizedPoses(PoseNormalization.Default)], row).Single();

        Assert.AreEqual(new Vector2(10, 24), normalized.Keypoints.Span[1]);
        Assert.AreEqual(new Vector2(0, 1), normalized.Normalized.Span[1]);
    }

    [TestMethod]
    public void Normalisation_by_a_keypoint_that_is_not_there_is_refused()
    {
        var step = new NormalizedPoses(new PoseNormalization { UprightFrom = "p", UprightTo = "tail" });

        Assert.Contains("no keypoint 'tail'", Assert.ThrowsExactly<InvalidDataException>(() => step.Start(Point)).Message);
    }

    private static PredictionRow Row(long frame, float x, string item = "", int step = 1) =>
        new()
        {
            Source = "v.mp4",
            Frame = frame,
            FrameStep = step,
            Item = item,
            Box = new Box(0, 0, 9, 9),
            Keypoints = new[] { new Vector2(x, 0) },
            Confidence = new[] { 1f },
        };

    private static PredictionRow Failed(long frame, string item) => new()
    {
        Source = "v.mp4",
        Frame = frame,
        Item = item,
        Error = "no",
        FrameStep = 2,
    };

    private static float X(PredictionRow row) => row.Keypoints.Span[0].X;

    private static PredictionRow[] Run(ScoreStep[] steps, params PredictionRow[] rows) => Run(Point, steps, rows);

    private static PredictionRow[] Run(Skeleton skeleton, ScoreStep[] steps, params PredictionRow[] rows)
    {
        var chain = new RowSteps(steps, skeleton);
        return [.. rows.SelectMany(row => chain.Push(new ScoredRow(row, null))).Concat(chain.Flush()).Select(scored => scored.Row)];
    }
}
