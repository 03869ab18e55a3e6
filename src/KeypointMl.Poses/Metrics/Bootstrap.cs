namespace KeypointMl.Poses.Metrics;

/// <summary>
/// Confidence intervals by resampling: clusters of frames (videos) are drawn again with replacement and the metrics
/// computed anew. Where errors are a mean over groups, each group's clusters are drawn on their own, so that every
/// resample has every group.
/// </summary>
internal static class Bootstrap
{
    private const double Level = 0.95;
    private const int Resamples = 1000;
    private const int Metrics = 5;

    /// <summary>The intervals of the error, the NME, the flip-min error and the PCKs.</summary>
    /// <param name="frames">The run's frames; at least one.</param>
    /// <param name="meanOfGroups">As the protocol says.</param>
    /// <param name="imageSize">100 % of the image, in pixels.</param>
    /// <param name="seed">Of the draws.</param>
    /// <returns>Null where there is one cluster alone, or, of a mean of groups, in a group.</returns>
    public static ConfidenceIntervals? Compute(IReadOnlyList<FrameErrors> frames, bool meanOfGroups, double imageSize, int seed)
    {
        Cluster[][] strata = [.. frames.GroupBy(frame => meanOfGroups ? frame.Context.Group : "", StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Clusters(group, imageSize))];
        // Drawing one cluster again and again tells nothing of others.
        if (meanOfGroups ? strata.Any(stratum => stratum.Length < 2) : strata[0].Length < 2)
            return null;
        var random = new Random(seed);
        var values = new double[Metrics][];
        for (int metric = 0; metric < Metrics; metric++)
            values[metric] = new double[Resamples];
        for (int resample = 0; resample < Resamples; resample++)
        {
            double[] means = Mean(strata, random);
            for (int metric = 0; metric < Metrics; metric++)
                values[metric][resample] = means[metric];
        }
        (string Name, double Factor)[] names =
        [
            ("error_percent_of_image", 100 / imageSize), ("nme_percent", 100), ("flip_min_error_percent", 100 / imageSize),
            ("pck_0.05", 1), ("pck_0.1", 1),
        ];
        var intervals = new Dictionary<string, (double, double)>();
        for (int metric = 0; metric < Metrics; metric++)
        {
            // A resample without a single frame that can be normalised says nothing about the NME.
            double[] sorted = [.. values[metric].Where(double.IsFinite).Order()];
            if (sorted.Length > 0)
            {
                intervals[names[metric].Name] =
                    (Percentile(sorted, (1 - Level) / 2) * names[metric].Factor,
                        Percentile(sorted, (1 + Level) / 2) * names[metric].Factor);
            }
        }
        return new ConfidenceIntervals(Level, Resamples, seed, strata.Sum(stratum => stratum.Length), intervals);
    }

    private static Cluster[] Clusters(IEnumerable<FrameErrors> frames, double imageSize)
    {
        var clusters = new Dictionary<string, Cluster>(StringComparer.Ordinal);
        var alone = new List<Cluster>();
        foreach (FrameErrors frame in frames)
        {
            Cluster? cluster = null;
            if (frame.Context.Cluster.Length == 0)
                alone.Add(cluster = new Cluster());
            else if (!clusters.TryGetValue(frame.Context.Cluster, out cluster))
                clusters.Add(frame.Context.Cluster, cluster = new Cluster());
            cluster.Add(frame, imageSize);
        }
        return [.. clusters.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value), .. alone];
    }

    /// <summary>The PCKs are shares of all points, whatever the protocol's mean is; the other metrics follow it.</summary>
    private static double[] Mean(Cluster[][] strata, Random random)
    {
        var means = new double[Metrics];
        var points = new double[Metrics];
        var pointCounts = new double[Metrics];
        var groups = new int[Metrics];
        foreach (Cluster[] stratum in strata)
        {
            var sums = new double[Metrics];
            var counts = new double[Metrics];
            for (int draw = 0; draw < stratum.Length; draw++)
            {
                Cluster cluster = stratum[random.Next(stratum.Length)];
                for (int metric = 0; metric < Metrics; metric++)
                {
                    sums[metric] += cluster.Sums[metric];
                    counts[metric] += cluster.Counts[metric];
                }
            }
            for (int metric = 0; metric < Metrics; metric++)
            {
                points[metric] += sums[metric];
                pointCounts[metric] += counts[metric];
                if (counts[metric] == 0)
                    continue;
                means[metric] += sums[metric] / counts[metric];
                groups[metric]++;
            }
        }
        return [.. Enumerable.Range(0, Metrics)
            .Select(metric => metric < 3 ? means[metric] / groups[metric] : points[metric] / pointCounts[metric])];
    }

    /// <summary>Linear between the two nearest values.</summary>
    private static double Percentile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }

    /// <summary>Sums and counts of one cluster: error, NME, flip-min error, points within 0.05 and 0.1.</summary>
    private sealed class Cluster
    {
        public double[] Sums { get; } = new double[Metrics];

        public double[] Counts { get; } = new double[Metrics];

        public void Add(FrameErrors frame, double imageSize)
        {
            Add(0, frame.Error, 1);
            Add(1, frame.Nme ?? 0, frame.Nme is null ? 0 : 1);
            Add(2, frame.FlipMin, 1);
            for (int i = 0; i < PointErrors.PckThresholds.Length; i++)
                Add(3 + i, frame.Points.Count(point => point.Distance <= PointErrors.PckThresholds[i] * imageSize), frame.Points.Count);
        }

        private void Add(int metric, double sum, double count)
        {
            Sums[metric] += sum;
            Counts[metric] += count;
        }
    }
}

/// <summary>Percentile bootstrap intervals (Efron 1979) of the metrics.</summary>
/// <param name="Level">The share of the resamples between the two ends: 0.95.</param>
/// <param name="Resamples">How many times frames were drawn again.</param>
/// <param name="Seed">The seed of the draws.</param>
/// <param name="Clusters">How many clusters (videos) were drawn from; the number of frames where frames have no cluster.</param>
/// <param name="Intervals">By the metric's name in <c>metrics.json</c>.</param>
public sealed record ConfidenceIntervals(
    double Level, int Resamples, int Seed, int Clusters, IReadOnlyDictionary<string, (double Low, double High)> Intervals);
