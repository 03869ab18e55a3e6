namespace KeypointMl.Training.Experiments;

/// <summary>The rows of a column from best to worst, here and in the paper, for those that both have a number of.</summary>
/// <param name="Ours">Names, the best first.</param>
/// <param name="Paper">The same names in the paper's order.</param>
/// <param name="SamePairs">How many pairs of rows stand in the same order in both.</param>
/// <param name="Pairs">How many pairs there are.</param>
internal sealed record RowOrder(IReadOnlyList<string> Ours, IReadOnlyList<string> Paper, int SamePairs, int Pairs)
{
    /// <summary>Compares the rows of a column; null where fewer than two can be compared.</summary>
    public static RowOrder? Of(IEnumerable<CellResult> column)
    {
        List<CellResult> cells = [.. column.Where(cell => cell is { Mean: not null, PaperValue: not null })];
        if (cells.Count < 2)
            return null;
        var pairs = (from i in Enumerable.Range(
            0, cells.Count)
                     from j in Enumerable.Range(i + 1, cells.Count - i - 1)
                     select (cells[i], cells[j])).ToList();
        int same = pairs.Count(
            pair => Math.Sign(Rank(pair.Item1) - Rank(pair.Item2)) == Math.Sign(PaperRank(pair.Item1) - PaperRank(pair.Item2)));
        return new RowOrder(Names(cells.OrderBy(Rank)), Names(cells.OrderBy(PaperRank)), same, pairs.Count);
    }

    private static double Rank(CellResult cell) => cell.Metric.MoreIsBetter ? -cell.Mean!.Value : cell.Mean!.Value;

    private static double PaperRank(CellResult cell) => cell.Metric.MoreIsBetter ? -cell.PaperValue!.Value : cell.PaperValue!.Value;

    private static List<string> Names(IEnumerable<CellResult> cells) => [.. cells.Select(cell => cell.Row.Name)];
}
