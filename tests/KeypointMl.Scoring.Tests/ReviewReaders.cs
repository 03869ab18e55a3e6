using System.Numerics;
using KeypointMl.Scoring.Review;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Tests;

/// <summary>The readers of what is reviewed, beside those of files of poses; what was read is looked through to the end.</summary>
internal static class ReviewReaders
{
    private const string Box = """{"x":1,"y":2.5,"width":64,"height":64}""";
    private const string Start = """{"source":"v.mp4","item":"0","frame":""";
    private const string Points =
        """{"head":{"x":20.5,"y":30,"confidence":0.75},"tail":{"x":null,"y":null,"confidence":0.01}}""";
    private const string Rows = $$"""
        {{Start}}3,"box":{{Box}},"status":"ok","error":null,"keypoints":{{Points}}}
        {{Start}}4,"box":null,"status":"failed","error":"no","keypoints":null}
        {{Start}}5,"box":{{Box}},"status":"ok","error":null,"keypoints":{{Points}}}

        """;

    private static readonly PredictionRow Seen = new()
    {
        Source = "v.mp4",
        Frame = 80,
        Item = "0",
        Box = new KeypointMl.Poses.Geometry.Box(0, 0, 9, 9),
        Keypoints = new[] { new Vector2(1, 1) },
        Confidence = new[] { 1f },
    };

    /// <summary>All of them.</summary>
    public static FuzzedReader[] All { get; } =
    [
        new("review-jsonl", ".jsonl", () => [System.Text.Encoding.UTF8.GetBytes(Rows)], ReadRows) { Words = Spoiling.JsonWords },
        new("review-events", ".csv", () => ["frame,event,track,other\n80,merged,0,1\n81,lost,0,\n"u8.ToArray()], ReadEvents)
        {
            Words = ["-1", "9223372036854775807", "begun", "\"", ",", "\n"],
        },
    ];

    private static void ReadRows(string path)
    {
        ReviewedRows read = ReviewedRows.ReadAsync(path, CancellationToken.None).GetAwaiter().GetResult();
        IReadOnlyList<ReviewedTrack> tracks = ReviewedTrack.Divide(read.Rows);
        var faults = new PoseFaults(read.Skeleton);
        if (tracks.Count > 0)
            _ = DoubtfulRow.Rank([.. faults.Confidence(tracks, 0.5f), .. tracks.SelectMany(faults.Jumps)]).Count;
        _ = tracks.Sum(track => TrackStrip.Render(track, []).Length);
    }

    private static void ReadEvents(string path) => TrackFaults.OfEvents(path, ReviewedTrack.Divide([Seen]));
}
