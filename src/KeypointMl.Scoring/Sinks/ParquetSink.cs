using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;
using Parquet;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Writes rows as Parquet: <c>source</c>, <c>frame</c>, <c>item</c>, <c>box.x</c>, <c>box.y</c>, <c>box.width</c>,
/// <c>box.height</c>, <c>status</c>, <c>error</c>, then <c>&lt;keypoint&gt;.x</c>, <c>&lt;keypoint&gt;.y</c>,
/// <c>&lt;keypoint&gt;.confidence</c>, then, on request, <c>&lt;keypoint&gt;.normalized_x</c> and
/// <c>&lt;keypoint&gt;.normalized_y</c>, and <c>width</c> and <c>height</c> of the whole frame. Coordinates are pixels
/// of the whole frame; null where a row failed or a keypoint has no position. The skeleton stands as JSON in the file's
/// metadata under <c>keypointml.skeleton</c>.
/// </summary>
public sealed class ParquetSink : IPredictionSink
{
    private readonly PendingFile file;
    private readonly PredictionRowGroup rows;
    private ParquetWriter? writer;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <param name="normalized">Whether the rows have normalised poses too.</param>
    /// <param name="frameSizes">Whether the rows say how large the whole frame is.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public ParquetSink(string path, Skeleton skeleton, bool normalized = false, bool frameSizes = false)
        : this(path, new PredictionRowGroup(
            new PredictionColumns(skeleton ?? throw new ArgumentNullException(nameof(skeleton)), normalized), frameSizes))
    {
    }

    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="rows">Memory, for one sink at a time; what an earlier one left in it is thrown away.</param>
    internal ParquetSink(string path, PredictionRowGroup rows)
    {
        this.rows = rows;
        rows.Clear();
        file = new PendingFile(path);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        rows.Add(row);
        if (rows.IsFull)
            await WriteRowGroupAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        if (rows.Count > 0 || writer is null)
            await WriteRowGroupAsync(cancellation).ConfigureAwait(false);
        await writer!.DisposeAsync().ConfigureAwait(false);
        file.Complete();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // The writer is not disposed here: that would write a footer to a file that is thrown away.
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WriteRowGroupAsync(CancellationToken cancellation)
    {
        if (writer is null)
        {
            writer = await ParquetWriter.CreateAsync(rows.Schema, file.Content, cancellationToken: cancellation).ConfigureAwait(false);
            writer.CustomMetadata = rows.Metadata;
        }
        await rows.WriteAsync(writer, cancellation).ConfigureAwait(false);
    }
}
