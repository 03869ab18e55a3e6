namespace KeypointMl.Imaging.Files;

/// <summary>
/// Compares names as people do: runs of digits by their number, so that <c>frame2</c> comes before <c>frame10</c>; the
/// rest by ordinal.
/// </summary>
internal sealed class NaturalOrder : IComparer<string>
{
    /// <summary>The comparer.</summary>
    public static NaturalOrder Comparer { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return string.CompareOrdinal(x, y);
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            int order;
            if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
            {
                ReadOnlySpan<char> a = Digits(x, ref i);
                ReadOnlySpan<char> b = Digits(y, ref j);
                order = a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
            }
            else
            {
                order = x[i++].CompareTo(y[j++]);
            }
            if (order != 0)
                return order;
        }
        int rest = (x.Length - i).CompareTo(y.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(x, y); // 01 and 1 are not the same name.
    }

    // The run of digits without leading zeros: numbers of any length compare by length, then digit by digit.
    private static ReadOnlySpan<char> Digits(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
        return text.AsSpan(start, position - start).TrimStart('0');
    }
}
