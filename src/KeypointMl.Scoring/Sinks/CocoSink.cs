using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using KeypointMl.Data;
using KeypointMl.Poses;

namespace KeypointMl.Scoring;

/// <summary>
/// Writes rows as COCO keypoints JSON (<see href="https://cocodataset.org/#format-data"/>): an image for each frame, an annotation for each row with keypoints, one category.
/// Beside COCO's own keys an image has <c>frame</c>, and <c>error</c> where rows of it failed (several are joined by <c>; </c>); an annotation has <c>item</c>,
/// <c>confidence</c> (K values) and <c>score</c> (their mean).
/// </summary>
/// <remarks>
/// A keypoint has visibility 2, for the detector gives a place for each, and how sure it is in <c>confidence</c>; one whose position a threshold took away has 0. Normalised poses are an array
/// <c>normalized</c> of K times x, y. Edges between means of several keypoints, which COCO
/// cannot say, are left out of the category's <c>skeleton</c>.
/// </remarks>
public sealed class CocoSink : IPredictionSink
{
    private readonly PendingFile file;

    // COCO wants all images before all annotations (or the other way round) in one file: annotations wait in a file of their own.
    private readonly FileStream annotations;
    private readonly Skeleton skeleton;
    private readonly JsonOutput json = new();
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
        this.skeleton = skeleton;
        file = new PendingFile(path);
        annotations = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        file.Content.Write("{\"info\":{\"description\":\"Keypoints detected by KeypointMl\"},\"licenses\":[],\"categories\":["u8);
        file.Content.Write(json.Format(WriteCategory));
        file.Content.Write("],\n\"images\":[\n"u8);
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
        annotations.Position = 0;
        await annotations.CopyToAsync(file.Content, cancellation).ConfigureAwait(false);
        file.Content.Write("\n]}\n"u8);
        file.Complete();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return annotations.DisposeAsync();
    }

    private void WriteFrame()
    {
        images++;
        Append(file.Content, images, writer => WriteImage(writer, frame[0], string.Join("; ", frame.Select(row => row.Error).OfType<string>().Distinct())));
        foreach (PredictionRow row in frame.Where(row => row.Status == PredictionStatus.Ok))
        {
            annotated++;
            Append(annotations, annotated, writer => WriteAnnotation(writer, row));
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
        Box box = row.Box!.Value;
        writer.WriteStartObject();
        writer.WriteNumber("id", annotated);
        writer.WriteNumber("image_id", images);
        writer.WriteNumber("category_id", 1);
        writer.WriteString("item", row.Item);
        // A pixel's index is its centre in the keypoints and its edge in the box, in COCO as here.
        WriteNumbers(writer, "bbox", [box.X, box.Y, box.Width, box.Height]);
        writer.WriteNumber("area", box.Width * box.Height);
        writer.WriteNumber("iscrowd", 0);
        writer.WriteNumber("num_keypoints", row.Keypoints.ToArray().Count(IsFinite));
        writer.WriteStartArray("keypoints");
        foreach (Vector2 point in row.Keypoints.Span)
        {
            bool there = IsFinite(point);
            writer.WriteNumberValue(there ? point.X : 0);
            writer.WriteNumberValue(there ? point.Y : 0);
            writer.WriteNumberValue(there ? 2 : 0);
        }
        writer.WriteEndArray();
        if (!row.Normalized.IsEmpty)
            WriteNumbers(writer, "normalized", MemoryMarshal.Cast<Vector2, float>(row.Normalized.Span));
        WriteNumbers(writer, "confidence", row.Confidence.Span);
        writer.WriteNumber("score", row.Confidence.ToArray().Average());
        writer.WriteEndObject();
    }

    private void WriteCategory(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", 1);
        writer.WriteString("name", skeleton.Name);
        writer.WriteString("supercategory", skeleton.Name);
        writer.WriteStartArray("keypoints");
        foreach (string name in skeleton.Keypoints)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteStartArray("skeleton");
        foreach (SkeletonEdge edge in skeleton.Edges.Where(edge => edge.From.Length == 1 && edge.To.Length == 1))
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(edge.From[0] + 1); // COCO counts from 1 here.
            writer.WriteNumberValue(edge.To[0] + 1);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<float> numbers)
    {
        writer.WriteStartArray(name);
        foreach (float number in numbers)
        {
            if (float.IsFinite(number))
                writer.WriteNumberValue(number);
            else
                writer.WriteNullValue();
        }
        writer.WriteEndArray();
    }

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);
}
