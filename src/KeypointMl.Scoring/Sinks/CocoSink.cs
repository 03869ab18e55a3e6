using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using KeypointMl.Data.Formats.Coco;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Writes rows as COCO keypoints JSON (<see href="https://cocodataset.org/#format-data"/>): an image for each frame, an
/// annotation for each row with keypoints, one category. Beside COCO's own keys an image has <c>frame</c>, and
/// <c>error</c> where rows of it failed (several are joined by <c>; </c>); an annotation has <c>item</c>,
/// <c>track_id</c> (the item where it is a number, else one of its own), <c>confidence</c> (K values) and <c>score</c> (their
/// mean).
/// </summary>
/// <remarks>
/// A keypoint has visibility 2, for the detector gives a place for each, and how sure it is in <c>confidence</c>; one
/// whose position a threshold took away has 0. Normalised poses are an array <c>normalized</c> of K times x, y. Edges
/// between means of several keypoints, which COCO cannot say, are left out of the category's <c>skeleton</c>.
/// </remarks>
public sealed class CocoSink : IPredictionSink
{
    private readonly PendingFile file;

    // COCO wants all images before all annotations (or the other way round) in one file: annotations wait in a file of their own,
    // which is never completed. It lies beside the first, where there is room for both.
    private readonly PendingFile annotations;
    private readonly JsonOutput json = new();
    private readonly CocoTracks tracks = new();
    private readonly List<PredictionRow> frame = [];
    private long images;
    private long annotated;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public CocoSink(string path, Skeleton skeleton)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        annotations = new PendingFile(path);
        try
        {
            file = new PendingFile(path);
            file.Content.Write("{\"info\":{\"description\":\"Keypoints detected by KeypointMl\"},\"licenses\":[],\"categories\":["u8);
            file.Content.Write(json.Format(writer => CocoJson.WriteCategory(writer, skeleton)));
            file.Content.Write("],\n\"images\":[\n"u8);
        }
        catch
        {
            file?.Dispose();
            annotations.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        if (frame.Count > 0 && (frame[0].Source, frame[0].Frame) != (row.Source, row.Frame))
            WriteFrame();
        frame.Add(row);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        if (frame.Count > 0)
            WriteFrame();
        file.Content.Write("\n],\n\"annotations\":[\n"u8);
        annotations.Content.Flush(); // which says what cannot be written; moving to the beginning does not
        annotations.Content.Position = 0;
        await annotations.Content.CopyToAsync(file.Content, cancellation).ConfigureAwait(false);
        file.Content.Write("\n]}\n"u8);
        file.Complete();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        annotations.Dispose();
        return ValueTask.CompletedTask;
    }

    private void WriteFrame()
    {
        images++;
        Append(file.Content,
            images, writer => WriteImage(writer, frame[0], string.Join("; ", frame.Select(row => row.Error).OfType<string>().Distinct())));
        foreach (PredictionRow row in frame.Where(row => row.Status == PredictionStatus.Ok))
        {
            annotated++;
            Append(annotations.Content, annotated, writer => WriteAnnotation(writer, row));
        }
        frame.Clear();
    }

    private void Append(Stream stream, long number, Action<Utf8JsonWriter> write)
    {
        if (number > 1)
            stream.Write(",\n"u8);
        stream.Write(json.Format(write));
    }

    private void WriteImage(Utf8JsonWriter writer, PredictionRow row, string errors)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", images);
        writer.WriteString("file_name", row.Source);
        writer.WriteNumber("width", row.FrameWidth);
        writer.WriteNumber("height", row.FrameHeight);
        writer.WriteNumber("frame", row.Frame);
        if (errors.Length > 0)
            writer.WriteString("error", errors);
        writer.WriteEndObject();
    }

    private void WriteAnnotation(Utf8JsonWriter writer, PredictionRow row)
    {
        CocoJson.StartAnnotation(
            writer, annotated, images, row.Item, tracks.NumberOf(row.Item), row.Box, row.Keypoints.Span);
        if (!row.Normalized.IsEmpty)
            CocoJson.WriteNumbers(writer, "normalized", MemoryMarshal.Cast<Vector2, float>(row.Normalized.Span));
        CocoJson.WriteNumbers(writer, "confidence", row.Confidence.Span);
        writer.WriteNumber("score", row.Confidence.ToArray().Average());
        writer.WriteEndObject();
    }
}
