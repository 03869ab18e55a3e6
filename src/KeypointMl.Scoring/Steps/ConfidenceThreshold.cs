using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Scoring;

/// <summary>Takes the position of keypoints away whose confidence is below a threshold: they become NaN, which files show as missing. Their confidence stays.</summary>
/// <param name="Least"><c>threshold</c>: in [0,1].</param>
public sealed record ConfidenceThreshold(float Least) : ScoreStep
{
    internal override IRowStep Start(Skeleton skeleton) => new EachRow(row =>
    {
        Vector2[] points = row.Keypoints.ToArray();
        for (int k = 0; k < points.Length; k++)
        {
            if (row.Confidence.Span[k] < Least)
                points[k] = new Vector2(float.NaN);
        }
        return row with { Keypoints = points };
    });
}
