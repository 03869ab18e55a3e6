using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Review;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Tests;

/// <summary>Walks of two pairs and a nose through a box of 100 pixels, with left and right exchanged where a test says.</summary>
[TestClass]
public sealed class ResolvedFlipsTests
{
    private static readonly Skeleton Body = new("body", ["nose", "earL", "earR", "hipL", "hipR"], [], [(1, 2), (3, 4)]);

    [TestMethod]
    [DataRow(20, 20)] // one frame
    [DataRow(20, 34)] // some
    [DataRow(0, 4)] // from the beginning
    [DataRow(55, 59)] // to the end
    public void Flipped_frames_are_put_right_and_their_confidence_with_them(int first, int last)
    {
        PredictionRow[] truth = Walk(60);

        PredictionRow[] rows = Run(new ResolvedFlips(), Flip(truth, first, last));

        AssertSame(truth, rows);
    }

    [TestMethod]
    public void Walk_without_flips_is_left_as_it_is_also_when_it_turns_round()
    {
        PredictionRow[] truth = [.. Walk(200)];

        AssertSame(truth, Run(new ResolvedFlips(), truth));
    }

    [TestMethod]
    public void Tracks_are_followed_by_their_own_and_rows_keep_their_order()
    {
        PredictionRow[] a = Walk(40), b = [.. Walk(40).Select(row => Moved(row, 300) with { Item = "b" })];
        PredictionRow[] flippedA = Flip(a, 10, 12), flippedB = Flip(b, 11, 20);
        PredictionRow[] mixed = [.. Enumerable.Range(0, 40).SelectMany(i => new[] { flippedA[i], flippedB[i] })];

        PredictionRow[] rows = Run(new ResolvedFlips(), mixed);

        AssertSame([.. Enumerable.Range(0, 40).SelectMany(i => new[] { a[i], b[i] })], rows);
    }

    [TestMethod]
    public void What_comes_after_a_long_gap_is_judged_by_itself()
    {
        PredictionRow[] truth = Walk(60);
        // Exchanged for good behind the gap: by itself it is taken as it is.
        PredictionRow[] flipped = [.. Flip(truth, 40, 59).Where(row => row.Frame is < 25 or >= 40)];

        AssertSame(flipped, Run(new ResolvedFlips(MaxGap: 14), flipped));
        Assert.AreEqual(truth[40].Keypoints.Span[1], Run(new ResolvedFlips(Prior: 1e-5, MaxGap: 20), flipped)[25].Keypoints.Span[1]);
    }

    [TestMethod]
    public void Failed_rows_and_keypoints_without_a_position_do_not_break_a_track()
    {
        PredictionRow[] truth = Walk(30);
        PredictionRow[] given = Flip(truth, 12, 14);
        truth[10] = given[10] = Failed(10);
        truth[13] = Without(truth[13], 3);
        given[13] = Without(given[13], 4); // the same point, exchanged

        AssertSame(truth, Run(new ResolvedFlips(), given));
    }

    [TestMethod]
    public void No_more_rows_wait_than_are_said()
    {
        IRowStep step = new ResolvedFlips().Start(Body);

        int waiting = 0;
        foreach (PredictionRow row in Walk(500).Select(row => row with { Confidence = new float[5] }))
        {
            waiting += 1 - step.Push(new ScoredRow(row, null)).Count();
            Assert.IsLessThanOrEqualTo(FlipTrack.MostWaiting, waiting);
        }
        Assert.HasCount(waiting, step.Flush().ToArray());
    }

    [TestMethod]
    public void Skeleton_without_pairs_is_refused()
    {
        var skeleton = new Skeleton("worm", ["head", "tail"], []);

        Assert.Contains("'worm' has no symmetric pairs",
            Assert.ThrowsExactly<InvalidDataException>(() => new ResolvedFlips().Start(skeleton)).Message);
    }

    [TestMethod]
    public void One_euro_measures_anew_after_a_gap_and_goes_on_after_a_short_one()
    {
        var point = new Skeleton("point", ["p"], []);
        var step = new OneEuroSmoothing(25) { MaxGap = 3 };

        PredictionRow[] rows = Run(point, step, Point(0, 0), Point(1, 0), Point(5, 100), Point(10, 500));

        Assert.IsTrue(rows[2].Keypoints.Span[0].X is > 0 and < 100, "three frames are missing");
        Assert.AreEqual(500, rows[3].Keypoints.Span[0].X, "four are");
    }

    private static PredictionRow Point(long frame, float x) => new()
    {
        Source = "v.mp4",
        Frame = frame,
        Box = new Box(0, 0, 9, 9),
        Keypoints = new[] { new Vector2(x, 0) },
        Confidence = new[] { 1f },
    };

    private static PredictionRow[] Walk(int frames) => [.. Enumerable.Range(0, frames).Select(i =>
    {
        (float sin, float cos) = MathF.SinCos(0.05f * i);
        Vector2 Turned(float x, float y) => new(100 + 2 * i + x * cos - y * sin, 80 + x * sin + y * cos);
        return new PredictionRow
        {
            Source = "v.mp4",
            Frame = i,
            Item = "a",
            Box = new Box(2 * i, 0, 100, 100),
            Keypoints = new[] { Turned(0, -40), Turned(-15, -30), Turned(15, -30), Turned(-20, 20), Turned(20, 20) },
            Confidence = new[] { 0.9f, 0.8f, 0.7f, 0.6f, 0.5f },
        };
    })];

    private static PredictionRow Moved(PredictionRow row, float x) =>
        row with { Keypoints = row.Keypoints.ToArray().Select(point => point + new Vector2(x, 0)).ToArray() };

    private static PredictionRow[] Flip(PredictionRow[] rows, int first, int last) => [.. rows.Select(row =>
        row.Frame < first || row.Frame > last ? row : row with
        {
            Keypoints = Exchange(row.Keypoints.ToArray()),
            Confidence = Exchange(row.Confidence.ToArray()),
        })];

    private static T[] Exchange<T>(T[] values) => [values[0], values[2], values[1], values[4], values[3]];

    private static PredictionRow Without(PredictionRow row, int k)
    {
        Vector2[] points = row.Keypoints.ToArray();
        points[k] = new Vector2(float.NaN);
        return row with { Keypoints = points };
    }

    private static PredictionRow Failed(long frame) => new() { Source = "v.mp4", Frame = frame, Item = "a", Error = "no" };

    private static PredictionRow[] Run(ScoreStep step, params PredictionRow[] rows) => Run(Body, step, rows);

    private static PredictionRow[] Run(Skeleton skeleton, ScoreStep step, params PredictionRow[] rows)
    {
        var chain = new RowSteps([step], skeleton);
        return [.. rows.SelectMany(row => chain.Push(new ScoredRow(row, null))).Concat(chain.Flush()).Select(scored => scored.Row)];
    }

    private static void AssertSame(PredictionRow[] expected, PredictionRow[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual((expected[i].Frame, expected[i].Item), (actual[i].Frame, actual[i].Item));
            CollectionAssert.AreEqual(expected[i].Keypoints.ToArray(), actual[i].Keypoints.ToArray(), $"frame {expected[i].Frame}");
            CollectionAssert.AreEqual(expected[i].Confidence.ToArray(), actual[i].Confidence.ToArray(), $"frame {expected[i].Frame}");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(10)]
    public void Gap_of_as_many_frames_as_are_allowed_is_bridged(int missing)
    {
        PredictionRow[] truth = Walk(60);
        // Exchanged for good behind the gap: by itself it is taken as it is.
        PredictionRow[] flipped = [.. Flip(truth, 40, 59).Where(row => row.Frame < 40 - missing || row.Frame >= 40)];

        Assert.AreEqual(
            truth[40].Keypoints.Span[1], Run(new ResolvedFlips(Prior: 1e-5, MaxGap: missing), flipped)[40 - missing].Keypoints.Span[1]);
        if (missing > 1)
            AssertSame(flipped, Run(new ResolvedFlips(Prior: 1e-5, MaxGap: missing - 1), flipped));
    }

    [TestMethod]
    public void Review_follows_flips_over_the_gaps_that_scoring_follows_them_over()
    {
        // Of frames 60 to 70 one keypoint of each pair is known; behind them left and right are exchanged.
        PredictionRow[] rows = [.. ReviewedWalk.Walk().Take(76).Select(row => row.Frame switch
        {
            < 60 => row,
            > 70 => ReviewedWalk.Exchanged(row),
            _ => ReviewedWalk.Moved(ReviewedWalk.Moved(row, 1, new(float.NaN)), 3, new(float.NaN)),
        })];
        PredictionRow[] shorter = [.. rows.Where(row => row.Frame is < 50 or > 60)
            .Select(row => row.Frame > 60 ? row with { Frame = row.Frame - 11 } : row)];

        Assert.IsEmpty(Doubted(rows));
        Assert.HasCount(1, Doubted(shorter), "over ten frames it is");
    }

    private static Fault[] Doubted(PredictionRow[] rows) =>
        [.. new PoseFaults(ReviewedWalk.Body).Flips(ReviewedTrack.Divide(rows).Single())];
}
