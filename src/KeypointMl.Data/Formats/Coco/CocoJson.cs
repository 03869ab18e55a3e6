using System.Numerics;
using System.Text.Json;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Coco;

/// <summary>
/// The parts of COCO keypoints JSON (<see href="https://cocodataset.org/#format-data"/>) that everything which writes
/// it has in common.
/// </summary>
internal static class CocoJson
{
    /// <summary>The id of the one category.</summary>
    public const int CategoryId = 1;

    /// <summary>The category of a skeleton. Edges between means of several keypoints, which COCO cannot say, are left out.</summary>
    public static void WriteCategory(Utf8JsonWriter writer, Skeleton skeleton)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", CategoryId);
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

    /// <summary>
    /// An annotation's keys up to its keypoints; the object is left open. A pixel's index is its centre in the
    /// keypoints and its edge in the box, in COCO as here.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The annotation's number, from 1 on.</param>
    /// <param name="imageId">Its image's.</param>
    /// <param name="item">Which subject of the image it is.</param>
    /// <param name="track">Its number among the tracks; null where there are none.</param>
    /// <param name="box">Where the subject is; null where that is not known.</param>
    /// <param name="points">[K]; one that is not finite is written as <c>0,0,0</c>, others with visibility 2.</param>
    public static void StartAnnotation(
        Utf8JsonWriter writer, long id, long imageId, string item, long? track, Box? box, ReadOnlySpan<Vector2> points)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", id);
        writer.WriteNumber("image_id", imageId);
        writer.WriteNumber("category_id", CategoryId);
        writer.WriteString("item", item);
        if (track is long number)
            writer.WriteNumber("track_id", number);
        if (box is Box known)
        {
            WriteNumbers(writer, "bbox", [known.X, known.Y, known.Width, known.Height]);
            writer.WriteNumber("area", known.Width * known.Height);
        }
        writer.WriteNumber("iscrowd", 0);
        int found = 0;
        writer.WriteStartArray("keypoints");
        foreach (Vector2 point in points)
        {
            bool there = float.IsFinite(point.X) && float.IsFinite(point.Y);
            found += there ? 1 : 0;
            writer.WriteNumberValue(there ? point.X : 0);
            writer.WriteNumberValue(there ? point.Y : 0);
            writer.WriteNumberValue(there ? 2 : 0);
        }
        writer.WriteEndArray();
        writer.WriteNumber("num_keypoints", found);
    }

    /// <summary>An array of numbers; null for those that are not finite.</summary>
    public static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<float> numbers)
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
}
