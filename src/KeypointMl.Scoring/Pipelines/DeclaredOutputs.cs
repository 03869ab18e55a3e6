using KeypointMl.Poses;

namespace KeypointMl.Scoring;

/// <summary>The sinks that a pipeline declares.</summary>
internal sealed class DeclaredOutputs : IAsyncDisposable
{
    private readonly List<IPredictionSink> sinks = [];

    /// <summary>Starts them.</summary>
    /// <exception cref="IOException">A file cannot be made.</exception>
    public DeclaredOutputs(IEnumerable<string> files, string? overlays, Skeleton skeleton, bool normalized)
    {
        try
        {
            if (overlays is not null)
                sinks.Add(new OverlaySink(overlays, skeleton));
            // The predictions come last: once their files are there, everything is.
            foreach (string file in files)
                sinks.Add(PredictionFiles.Create(file, skeleton, normalized));
        }
        catch
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>The sinks, in the order in which they are to be completed.</summary>
    public IReadOnlyList<IPredictionSink> Sinks => sinks;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IPredictionSink sink in sinks)
            await sink.DisposeAsync().ConfigureAwait(false);
    }
}
