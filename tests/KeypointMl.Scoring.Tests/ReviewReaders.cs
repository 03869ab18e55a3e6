using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Review;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Tests;

/// <summary>The readers of what is reviewed, beside those of files of poses; what was read is looked through to the end.</summary>
internal static class ReviewReaders
{
    private const string Rows = """
        {"source":"v.mp4","frame":3,"item":"0","box":{"x":1,"y":2.5,"width":64,"height":64},"status":"ok","error":null,"keypoints":{"head":{"x":20.5,"y":30,"confidence":0.75},"tail":{"x":null,"y":null,"confidence":0.01}}}
        {"source":"v.mp4","frame":4,"item":"0","box":null,"status":"failed","error":"no","keypoints":null}
        {"source":"v.mp4","frame":5,"item":"0","box":{"x":1,"y":2.5,"width":64,"height":64},"status":"ok","error":null,"keypoints":{"head":{"x":21.5,"y":30,"confidence":0.5},"tail":{"x":3,"y":4,"confidence":0.5}}}

        """;

    private static readonly PredictionRow Seen = new()
    {
        Source = "v.mp4",
        Frame = 80,
        Item = "0",
        Box = new Box(0, 0, 9, 9),
        Keypoints = new[] { new Vector2(1, 1) },
        Confidence = new[] { 1f },
    };

    /// <summary>All of them.</summary>
    public static FuzzedReader[] All { get; } =
    [
        new("review-jsonl", ".jsonl", () => [System.Text.Encoding.UTF8.GetBytes(Rows)], ReadRows) { Words = Spoiling.JsonWords },
        new("review-events", ".csv", () => ["source,frame,event,track,other\nv.mp4,80,merged,0,1\nv.mp4,81,lost,0,\n"u8.ToArray()], ReadEvents)
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
