namespace KeypointMl.Poses;

/// <summary>Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of their ranks.</summary>
internal static class RankCorrelation
{
    /// <summary>−1 to 1; null where there are fewer than two pairs or one side has equal values only.</summary>
    /// <param name="first">Values, none NaN.</param>
    /// <param name="second">As many.</param>
    public static double? Spearman(double[] first, double[] second)
    {
        if (first.Length < 2)
            return null;
        (double[] a, double[] b) = (Ranks(first), Ranks(second));
        double mean = (first.Length - 1) / 2.0;
        double product = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (a[i] - mean) * (b[i] - mean);
            squaresA += (a[i] - mean) * (a[i] - mean);
            squaresB += (b[i] - mean) * (b[i] - mean);
        }
        return squaresA > 0 && squaresB > 0 ? product / Math.Sqrt(squaresA * squaresB) : null;
    }

    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        var ranks = new double[values.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && values[order[to]] == values[order[from]];)
                to++;
            for (int i = from; i < to; i++)
                ranks[order[i]] = (from + to - 1) / 2.0;
        }
        return ranks;
    }
}
