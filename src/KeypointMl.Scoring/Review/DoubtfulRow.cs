using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>A row with what speaks for its being wrong, the gravest first.</summary>
/// <param name="Row">The row.</param>
/// <param name="Faults">At least one; one of a kind.</param>
internal sealed record DoubtfulRow(PredictionRow Row, IReadOnlyList<Fault> Faults)
{
    /// <summary>One less the product of what each fault leaves: in (0,1), and more than the gravest fault's severity.</summary>
    public double Score { get; } = 1 - Faults.Aggregate(1.0, (left, fault) => left * (1 - fault.Severity));

    /// <summary>Rows with their faults, the most doubtful first.</summary>
    public static IReadOnlyList<DoubtfulRow> Rank(IEnumerable<Fault> faults) =>
    [
        .. faults.GroupBy(fault => (fault.Row.Source, fault.Row.Item, fault.Row.Frame))
            .Select(row => new DoubtfulRow(row.First().Row,
            [
                .. row.GroupBy(fault => fault.Kind).Select(kind => kind.MaxBy(fault => fault.Severity)!)
                    .OrderByDescending(fault => fault.Severity),
            ]))
            .OrderByDescending(row => row.Score)
            .ThenBy(row => row.Row.Source, StringComparer.Ordinal).ThenBy(row => row.Row.Frame)
            .ThenBy(row => row.Row.Item, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The first rows that are not neighbours of better ones: of the same track, fewer than some scored frames away, and with a gravest
    /// fault that the better one has too.
    /// </summary>
    /// <param name="ranked">The most doubtful first.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="apart">How many scored frames of their video neighbours are apart, at least.</param>
    public static IReadOnlyList<DoubtfulRow> Choose(IEnumerable<DoubtfulRow> ranked, int count, int apart)
    {
        List<DoubtfulRow> chosen = [];
        var taken = new Dictionary<(string Source, string Item, FaultKind Kind), SortedSet<long>>();
        foreach (DoubtfulRow doubt in ranked)
        {
            if (chosen.Count == count)
                break;
            long frame = doubt.Row.Frame;
            long nearest = (long)apart * doubt.Row.FrameStep - 1;
            if (FramesOf(doubt, doubt.Faults[0].Kind).GetViewBetween(frame - nearest, frame + nearest).Count > 0)
                continue;
            foreach (Fault fault in doubt.Faults)
                FramesOf(doubt, fault.Kind).Add(frame);
            chosen.Add(doubt);
        }
        return chosen;

        SortedSet<long> FramesOf(DoubtfulRow doubt, FaultKind kind)
        {
            (string, string, FaultKind) key = (doubt.Row.Source, doubt.Row.Item, kind);
            if (!taken.TryGetValue(key, out SortedSet<long>? frames))
                taken.Add(key, frames = []);
            return frames;
        }
    }
}
