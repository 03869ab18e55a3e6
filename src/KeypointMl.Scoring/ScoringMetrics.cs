using System.Diagnostics.Metrics;

namespace KeypointMl.Scoring;

/// <summary>
/// What scoring measures while it runs, for <c>dotnet-counters</c>, OpenTelemetry or any other listener of
/// <see cref="System.Diagnostics.Metrics"/>. It costs next to nothing where nobody listens.
/// </summary>
public static class ScoringMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "KeypointMl.Scoring";

    private static readonly Meter Meter = new(MeterName, typeof(ScoringMetrics).Assembly.GetName().Version!.ToString(3));

    /// <summary><c>keypointml.scoring.frames</c>: frames taken in.</summary>
    internal static readonly Counter<long> Frames = Meter.CreateCounter<long>("keypointml.scoring.frames", "{frame}", "Frames taken in.");

    /// <summary><c>keypointml.scoring.rows</c>: rows of results, by <c>status</c> (<c>ok</c>, <c>failed</c>).</summary>
    internal static readonly Counter<long> Rows =
        Meter.CreateCounter<long>("keypointml.scoring.rows", "{row}", "Rows of results, by status.");

    /// <summary><c>keypointml.scoring.session.duration</c>: how long the detector took for a batch.</summary>
    internal static readonly Histogram<double> SessionDuration =
        Meter.CreateHistogram<double>("keypointml.scoring.session.duration", "s", "Time of the detector for a batch.");

    /// <summary><c>keypointml.scoring.images.ahead</c>: images that are being decoded or wait for their turn.</summary>
    internal static readonly UpDownCounter<int> ImagesAhead =
        Meter.CreateUpDownCounter<int>("keypointml.scoring.images.ahead", "{image}", "Images being decoded or waiting for their turn.");

    /// <summary>
    /// <c>keypointml.scoring.batches.waiting</c>: filled batches that wait for the detector; near 0 where decoding is
    /// the bottleneck.
    /// </summary>
    internal static readonly UpDownCounter<int> BatchesWaiting =
        Meter.CreateUpDownCounter<int>("keypointml.scoring.batches.waiting", "{batch}", "Filled batches waiting for the detector.");

    /// <summary><c>keypointml.scoring.shard.duration</c>: how long a shard took; its count is the number of finished shards.</summary>
    internal static readonly Histogram<double> ShardDuration =
        Meter.CreateHistogram<double>("keypointml.scoring.shard.duration", "s", "Time of a shard.");
}
