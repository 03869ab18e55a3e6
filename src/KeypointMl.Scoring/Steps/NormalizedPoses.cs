using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Scoring.Steps;

/// <summary>
/// Adds each pose without place, size and, on request, heading, beside the one in pixels (see
/// <see cref="PoseNormalizer"/>).
/// </summary>
/// <param name="Settings">What is taken out.</param>
public sealed record NormalizedPoses(PoseNormalization Settings) : ScoreStep
{
    internal override IRowStep Start(Skeleton skeleton)
    {
        PoseNormalizer normalizer = Create(skeleton);
        return new EachRow(row =>
        {
            Vector2[] points = row.Keypoints.ToArray();
            normalizer.Normalize(points);
            return row with { Normalized = points };
        });
    }

    private PoseNormalizer Create(Skeleton skeleton)
    {
        try
        {
            return new PoseNormalizer(skeleton, Settings);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The pipeline's step 'normalize' does not fit the model: {e.Message}", e);
        }
    }
}
