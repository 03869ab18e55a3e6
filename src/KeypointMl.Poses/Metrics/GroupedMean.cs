namespace KeypointMl.Poses;

/// <summary>The mean of values over frames, or over groups of their mean over frames.</summary>
internal sealed class GroupedMean(bool meanOfGroups)
{
    private readonly SortedDictionary<string, (double Sum, int Count)> groups = new(StringComparer.Ordinal);

    internal int Count { get; private set; }

    internal double Mean => meanOfGroups
        ? groups.Values.Average(group => group.Sum / group.Count)
        : groups.Values.Sum(group => group.Sum) / Count;

    internal void Add(double value, string group)
    {
        (double sum, int count) = groups.GetValueOrDefault(group);
        groups[group] = (sum + value, count + 1);
        Count++;
    }

    /// <summary>Each named group's mean, converted; empty where no frame has a group.</summary>
    internal Dictionary<string, double> PerGroup(Func<double, double> convert) =>
        groups.Where(entry => entry.Key.Length > 0).ToDictionary(entry => entry.Key, entry => convert(entry.Value.Sum / entry.Value.Count));
}
