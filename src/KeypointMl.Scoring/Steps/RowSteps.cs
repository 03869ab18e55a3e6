using System.Numerics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Steps;

/// <summary>The steps after the detector, one behind the other.</summary>
internal sealed class RowSteps(IEnumerable<ScoreStep> steps, Skeleton skeleton)
{
    private readonly IRowStep[] steps = [.. steps.Select(step => step.Start(skeleton))];

    /// <summary>Passes a row through and gives those that come out behind the last step.</summary>
    public IEnumerable<ScoredRow> Push(ScoredRow row) => Push(row, 0);

    /// <summary>Gives the rows that are still inside, at the end of the input.</summary>
    public IEnumerable<ScoredRow> Flush()
    {
        for (int i = 0; i < steps.Length; i++)
        {
            foreach (ScoredRow left in steps[i].Flush())
            {
                foreach (ScoredRow row in Push(left, i + 1))
                    yield return row;
            }
        }
    }

    private IEnumerable<ScoredRow> Push(ScoredRow row, int first) =>
        first == steps.Length ? [row] : steps[first].Push(row).SelectMany(passed => Push(passed, first + 1));
}

/// <summary>Works on rows as they come, and gives each back once, in the same order, at once or later.</summary>
internal interface IRowStep
{
    /// <summary>Takes a row and gives those that are ready.</summary>
    IEnumerable<ScoredRow> Push(ScoredRow row);

    /// <summary>Gives the rows that are left, at the end of the input.</summary>
    IEnumerable<ScoredRow> Flush();
}

/// <summary>A step that looks at one row with keypoints at a time.</summary>
internal sealed class EachRow(Func<PredictionRow, PredictionRow> change) : IRowStep
{
    public IEnumerable<ScoredRow> Push(ScoredRow row) => [row.Row.Status == PredictionStatus.Ok ? row with { Row = change(row.Row) } : row];

    public IEnumerable<ScoredRow> Flush() => [];
}

/// <summary>
/// Something that is done with the keypoints after the detector, as it is declared: <see cref="ResolvedFlips"/>,
/// <see cref="MedianSmoothing"/>, <see cref="OneEuroSmoothing"/>, <see cref="ConfidenceThreshold"/>,
/// <see cref="NormalizedPoses"/>.
/// </summary>
public abstract record ScoreStep
{
    /// <summary>
    /// Whether a row's result depends on other frames of its video: a video is then never divided among shards, and
    /// still images cannot be scored.
    /// </summary>
    public virtual bool IsOverTime => false;

    /// <summary>Begins the work on a sequence of rows.</summary>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <exception cref="InvalidDataException">The step names a keypoint that the skeleton does not have.</exception>
    internal abstract IRowStep Start(Skeleton skeleton);
}

/// <summary>
/// Takes the position of keypoints away whose confidence is below a threshold: they become NaN, which files show as
/// missing. Their confidence stays.
/// </summary>
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
