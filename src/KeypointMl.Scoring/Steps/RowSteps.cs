using KeypointMl.Poses;

namespace KeypointMl.Scoring;

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
