namespace KeypointMl.Poses;

/// <summary>Percentile bootstrap intervals (Efron 1979) of the metrics.</summary>
/// <param name="Level">The share of the resamples between the two ends: 0.95.</param>
/// <param name="Resamples">How many times frames were drawn again.</param>
/// <param name="Seed">The seed of the draws.</param>
/// <param name="Clusters">How many clusters (videos) were drawn from; the number of frames where frames have no cluster.</param>
/// <param name="Intervals">By the metric's name in <c>metrics.json</c>.</param>
public sealed record ConfidenceIntervals(double Level, int Resamples, int Seed, int Clusters, IReadOnlyDictionary<string, (double Low, double High)> Intervals);
