using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Pipelines;

/// <summary>The sinks that a pipeline declares.</summary>
internal sealed class DeclaredOutputs : IAsyncDisposable
{
    private readonly List<IPredictionSink> sinks = [];

    /// <summary>Starts them.</summary>
    /// <param name="pipeline">What it declares; without drawings where those are not wanted.</param>
    /// <param name="videos">The videos among the inputs, where videos are drawn.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <exception cref="IOException">A file cannot be made.</exception>
    public DeclaredOutputs(ScorePipeline pipeline, VideoList videos, Skeleton skeleton)
    {
        try
        {
            if (pipeline.Overlays is { } pictures)
                sinks.Add(new OverlaySink(pictures, skeleton));
            if (pipeline.OverlayVideos is { } folder)
                sinks.Add(new OverlayVideoSink(folder, skeleton, videos, pipeline.VideoDecoding));
            // The predictions come last: once their files are there, everything is.
            foreach (string file in pipeline.Outputs)
                sinks.Add(PredictionFiles.Create(file, skeleton, pipeline.HasNormalization));
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
    public ValueTask DisposeAsync() => SinkGroup.DisposeAllAsync(sinks);
}
