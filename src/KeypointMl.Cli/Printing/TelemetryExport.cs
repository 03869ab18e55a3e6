using KeypointMl.Scoring;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace KeypointMl.Cli.Printing;

/// <summary>
/// Sends what <see cref="ScoringMetrics"/> measures to an OpenTelemetry collector while it lives, and the last of it
/// when it is disposed.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private const int FlushMilliseconds = 5000;

    private readonly MeterProvider provider;

    private TelemetryExport(Uri collector, IReadOnlyDictionary<string, object> resource) => provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter(ScoringMetrics.MeterName)
        .ConfigureResource(builder =>
            builder.AddService("keypointml", serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}")
            .AddAttributes(resource))
        .AddOtlpExporter(exporter =>
        {
            // A full URL of one signal, as the protocol's HTTP form wants it.
            exporter.Endpoint = EndpointOf(collector);
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        })
        .Build();

    /// <summary>Where metrics go: below the collector's address, whose path may be that of a proxy.</summary>
    private static Uri EndpointOf(Uri collector) =>
        new UriBuilder(collector) { Path = $"{collector.AbsolutePath.TrimEnd('/')}/v1/metrics" }.Uri;

    /// <summary>Begins; null without a collector.</summary>
    /// <param name="collector">
    /// The collector's address for OTLP over HTTP, such as <c>http://localhost:4318</c>; null for no export.
    /// </param>
    /// <param name="share">The worker's share, which every value is marked with; null without one.</param>
    public static TelemetryExport? Start(Uri? collector, string? share) => collector is null
        ? null
        : new TelemetryExport(collector, share is null ? new Dictionary<string, object>() : new Dictionary<string, object>
        {
            ["keypointml.share"] = share,
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        provider.ForceFlush(FlushMilliseconds);
        provider.Dispose();
    }
}
