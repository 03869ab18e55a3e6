namespace KeypointMl.Scoring;

/// <summary>Works on rows as they come, and gives each back once, in the same order, at once or later.</summary>
internal interface IRowStep
{
    /// <summary>Takes a row and gives those that are ready.</summary>
    IEnumerable<ScoredRow> Push(ScoredRow row);

    /// <summary>Gives the rows that are left, at the end of the input.</summary>
    IEnumerable<ScoredRow> Flush();
}
