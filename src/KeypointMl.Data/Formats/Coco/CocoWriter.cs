using System.Text.Json;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Formats.Coco;

/// <summary>
/// Writes COCO keypoints JSON: one category, an image per frame, an annotation per row; a missing point is
/// <c>0,0,0</c>. Beside COCO's own keys an image has <c>frame</c>, an annotation <c>item</c>, <c>track_id</c> (see
/// <see cref="CocoTracks"/>) and, where there are scores, <c>confidence</c>. Image sizes, which a table of poses does not
/// have, are left out.
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
        writer.WriteStartArray("categories");
        CocoJson.WriteCategory(writer, table.Skeleton);
        writer.WriteEndArray();
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
        var tracks = new CocoTracks();
        for (int i = 0; i < table.Rows.Count; i++)
            WriteAnnotation(writer, table.Rows[i], i + 1, images[(table.Rows[i].Source, table.Rows[i].Frame)], tracks);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteAnnotation(Utf8JsonWriter writer, PoseRow row, int id, int image, CocoTracks tracks)
    {
        CocoJson.StartAnnotation(writer, id, image, row.Item, tracks.NumberOf(row.Item), row.Box, row.Points);
        if (row.Scores is not null)
            CocoJson.WriteNumbers(writer, "confidence", row.Scores);
        writer.WriteEndObject();
    }
}
