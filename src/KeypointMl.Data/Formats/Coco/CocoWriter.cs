using System.Text.Json;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>
/// Writes COCO keypoints JSON: one category, an image per frame, an annotation per row; a missing point is <c>0,0,0</c>. Beside COCO's own keys an image has <c>frame</c>, an
/// annotation <c>item</c> and, where there are scores, <c>confidence</c>. Image sizes, which a table of poses does not have, are left out.
/// </summary>
internal static class CocoWriter
{
    internal static void Write(PoseTable table, string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = false });
        var images = new Dictionary<(string, long), int>();
        foreach (PoseRow row in table.Rows)
            images.TryAdd((row.Source, row.Frame), images.Count + 1);
        writer.WriteStartObject();
        WriteCategory(writer, table.Skeleton);
        writer.WriteStartArray("images");
        foreach (((string source, long frame), int id) in images)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WriteString("file_name", source);
            writer.WriteNumber("frame", frame);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("annotations");
        for (int i = 0; i < table.Rows.Count; i++)
            WriteAnnotation(writer, table.Rows[i], i + 1, images[(table.Rows[i].Source, table.Rows[i].Frame)]);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteCategory(Utf8JsonWriter writer, Skeleton skeleton)
    {
        writer.WriteStartArray("categories");
        writer.WriteStartObject();
        writer.WriteNumber("id", 1);
        writer.WriteString("name", skeleton.Name);
        writer.WriteStartArray("keypoints");
        foreach (string name in skeleton.Keypoints)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteStartArray("skeleton");
        foreach (SkeletonEdge edge in skeleton.Edges.Where(edge => edge.From.Length == 1 && edge.To.Length == 1))
            WriteNumbers(writer, null, [edge.From[0] + 1, edge.To[0] + 1]); // COCO counts from 1 here.
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteAnnotation(Utf8JsonWriter writer, PoseRow row, int id, int image)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", id);
        writer.WriteNumber("image_id", image);
        writer.WriteNumber("category_id", 1);
        writer.WriteString("item", row.Item);
        writer.WriteNumber("iscrowd", 0);
        writer.WriteNumber("num_keypoints", row.Points.Count(point => float.IsFinite(point.X)));
        WriteNumbers(writer, "keypoints", [.. row.Points.SelectMany(point => float.IsFinite(point.X) ? new[] { point.X, point.Y, 2 } : [0, 0, 0])]);
        if (row.Box is Box box)
        {
            WriteNumbers(writer, "bbox", [box.X, box.Y, box.Width, box.Height]);
            writer.WriteNumber("area", box.Width * box.Height);
        }
        if (row.Scores is not null)
            WriteNumbers(writer, "confidence", [.. row.Scores.Select(score => float.IsFinite(score) ? score : 0)]);
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string? name, ReadOnlySpan<float> numbers)
    {
        if (name is null)
            writer.WriteStartArray();
        else
            writer.WriteStartArray(name);
        foreach (float number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
