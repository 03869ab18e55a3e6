namespace KeypointMl.Scoring;

/// <summary>A step that looks at one row with keypoints at a time.</summary>
internal sealed class EachRow(Func<PredictionRow, PredictionRow> change) : IRowStep
{
    public IEnumerable<ScoredRow> Push(ScoredRow row) => [row.Row.Status == PredictionStatus.Ok ? row with { Row = change(row.Row) } : row];

    public IEnumerable<ScoredRow> Flush() => [];
}
