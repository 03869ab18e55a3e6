using System.Text.Json;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Formats.Coco;

/// <summary>
/// Writes COCO keypoints JSON: one category, an image per frame, an annotation per row; a missing point is
/// <c>0,0,0</c>. Beside COCO's own keys an image has <c>frame</c> and, where it could not be scored, <c>error</c> in place of an
/// annotation; an annotation has <c>item</c>, <c>track_id</c> (see <see cref="CocoTracks"/>) and, where there are scores,
/// <c>confidence</c>. Image sizes, which a table of poses does not have, are left out.
/// </summary>
internal static class CocoWriter
{
    internal static void Write(PoseTable table, string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = false });
        var images = new Dictionary<(string, long), int>();
        foreach (PoseRow row in table.Rows)
            images.TryAdd((row.Source, row.Frame), images.Count + 1);
        ILookup<(string, long), string> errors =
            table.Rows.Where(IsFailed).ToLookup(row => (row.Source, row.Frame), row => row.Outcome!.Value.Error);
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
            if (errors.Contains((source, frame)))
                writer.WriteString("error", string.Join("; ", errors[(source, frame)].Distinct()));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("annotations");
        var tracks = new CocoTracks();
        foreach ((int i, PoseRow row) in table.Rows.Where(row => !IsFailed(row)).Index())
            WriteAnnotation(writer, row, i + 1, images[(row.Source, row.Frame)], tracks);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static bool IsFailed(PoseRow row) => row is { Outcome.IsOk: false, HasPoint: false };

    private static void WriteAnnotation(Utf8JsonWriter writer, PoseRow row, int id, int image, CocoTracks tracks)
    {
        CocoJson.StartAnnotation(writer, id, image, row.Item, tracks.NumberOf(row.Item), row.Box, row.Points);
        if (row.Scores is not null)
            CocoJson.WriteNumbers(writer, "confidence", row.Scores);
        writer.WriteEndObject();
    }
}
