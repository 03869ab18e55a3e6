using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>Draws rows on their frames: each track in its colour; without tracks each edge in one of its own.</summary>
internal static class RowPainter
{
    /// <summary>A copy of a frame with the skeletons of its rows on it.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="skeleton">Names the K keypoints and their edges.</param>
    /// <param name="rows">Rows with keypoints.</param>
    public static RgbImage Paint(RgbImage frame, Skeleton skeleton, IEnumerable<PredictionRow> rows)
    {
        RgbImage drawn = frame;
        foreach (PredictionRow row in rows)
        {
            float side = Math.Max(row.Box!.Value.Width, row.Box.Value.Height);
            drawn = PosePainter.Paint(drawn, skeleton, row.Keypoints.Span, subjectSize: side, style: StyleOf(row.Item));
        }
        return drawn;
    }

    private static PoseStyle StyleOf(string track)
    {
        if (track.Length == 0)
            return PoseStyle.Default;
        RgbColor color = TrackColor.Of(track);
        return PoseStyle.Default with
        {
            Coloring = PoseColoring.Side,
            LeftColor = color,
            RightColor = color,
            MiddleColor = color,
            KeypointColor = RgbColor.White,
        };
    }
}
