namespace KeypointMl.Data;

/// <summary>Chooses some of many, evenly spaced, so that all parts of a data set are in the choice.</summary>
internal static class EvenChoice
{
    /// <summary>
    /// At most <paramref name="max"/> indices from 0 to <paramref name="count"/> − 1, ascending; all where there is no
    /// limit.
    /// </summary>
    internal static IEnumerable<int> Choose(int count, int? max)
    {
        int wanted = Math.Min(max ?? count, count);
        for (int i = 0; i < wanted; i++)
            yield return (int)((long)i * count / wanted);
    }
}
