using System.Collections.Immutable;
using System.Diagnostics;

namespace KeypointMl.Training;

/// <summary>Means of the losses between two log entries.</summary>
internal sealed class LossAverages
{
    private readonly SortedDictionary<string, double> sums = new(StringComparer.Ordinal);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int count;

    public double StepsPerSecond => count / clock.Elapsed.TotalSeconds;

    public void Add(IReadOnlyList<(string Name, double Value)> losses)
    {
        count++;
        foreach ((string name, double value) in losses)
            sums[name] = sums.GetValueOrDefault(name) + value;
    }

    /// <summary>The means since the last call; starts anew.</summary>
    public ImmutableSortedDictionary<string, double> TakeMeans()
    {
        var means = sums.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value / Math.Max(count, 1), StringComparer.Ordinal);
        sums.Clear();
        count = 0;
        clock.Restart();
        return means;
    }
}
