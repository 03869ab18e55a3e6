namespace KeypointMl.Data;

/// <summary>What a person meant who mistyped a word.</summary>
internal static class NearestWord
{
    private const int MaxLength = 64;

    /// <summary>The word among those known that is so like the one given that it may have been meant; null for none.</summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > MaxLength)
            return null;
        string? nearest = known.Where(name => name.Length <= MaxLength).MinBy(name => Distance(word, name));
        if (nearest is null)
            return null;
        // Words of a letter or two are all one change away from each other.
        int most = Math.Min(Math.Max(1, nearest.TrimStart('-').Length / 3), Math.Min(word.Length, nearest.Length) - 1);
        return Distance(word, nearest) <= most ? nearest : null;
    }

    /// <summary>A sentence to append to a message, with a space before it; empty where no word known is like the one given.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Of(word, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>
    /// How many letters have to be put in, taken out, changed or exchanged with their neighbour (Damerau's distance, in which no
    /// place is changed twice).
    /// </summary>
    internal static int Distance(string from, string to)
    {
        int[,] cost = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }
                int change = from[i - 1] == to[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[from.Length, to.Length];
    }
}
