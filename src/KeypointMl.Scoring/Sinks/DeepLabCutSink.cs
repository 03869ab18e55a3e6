using System.Globalization;
using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Writes rows as an HDF5 file that DeepLabCut and pandas read as they read those of <c>analyze_videos</c>: a data frame
/// <c>df_with_missing</c>, a row for every frame of the one video (or each image), <c>x</c>, <c>y</c> and <c>likelihood</c> for
/// each keypoint of each track, NaN where there is none. Individuals have the tracks' names.
/// </summary>
internal sealed class DeepLabCutSink : IPredictionSink
{
    private readonly DeepLabCutH5Writer writer;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public DeepLabCutSink(string path, Skeleton skeleton)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        writer = new DeepLabCutH5Writer(path, skeleton.Keypoints, scored: true);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The row is of a second video, or its track is twice in a frame.</exception>
    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        string where = string.Create(CultureInfo.InvariantCulture, $"frame {row.Frame} of '{PrintableText.Of(row.Source)}'");
        writer.Add(row.Source, row.Frame, where);
        if (row.Status == PredictionStatus.Ok)
            writer.AddPose(row.Item, row.Keypoints.Span, row.Confidence.Span, where);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellation)
    {
        writer.Complete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        writer.Dispose();
        return ValueTask.CompletedTask;
    }
}
