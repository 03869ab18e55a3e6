using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>
/// Reads COCO keypoints JSON (<see href="https://cocodataset.org/#format-data"/>): the annotations of its one category with keypoints, in the file's order. Visibility 0 is a missing point.
/// Beside COCO's own keys an image's <c>frame</c>, and an annotation's <c>item</c> or <c>track_id</c> and <c>confidence</c>, are read where they are.
/// </summary>
public static class CocoReader
{
    private const long MaxBytes = 1L << 30;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no such JSON; the message names file and line, or the path of the element.</exception>
    public static PoseTable Read(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new FileNotFoundException($"There is no file {path}.", path);
        if (info.Length > MaxBytes)
            throw new InvalidDataException($"{path}: byte {MaxBytes}: the file has {info.Length:N0} bytes; the limit is {MaxBytes:N0}.");
        try
        {
            using FileStream stream = info.OpenRead();
            using JsonDocument document = JsonDocument.Parse(stream);
            return Read(new JsonPlace(document.RootElement, path, "$"));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}:{(error.LineNumber ?? 0) + 1}: not well-formed JSON at byte {error.BytePositionInLine ?? 0} of the line.", error);
        }
    }

    private static PoseTable Read(JsonPlace root)
    {
        JsonPlace[] categories = [.. root.Required("categories").Items().Where(item => item.Optional("keypoints") is not null)];
        if (categories is not [JsonPlace category])
            throw root.Required("categories").Error($"{categories.Length} categories have keypoints; expected one");
        Skeleton skeleton = ReadSkeleton(category);
        long categoryId = category.Required("id").Whole();
        var images = new Dictionary<long, (string Name, long Frame)>();
        foreach (JsonPlace image in root.Required("images").Items())
        {
            JsonPlace id = image.Required("id");
            if (!images.TryAdd(id.Whole(), (image.Required("file_name").Text(), image.Optional("frame")?.Whole() ?? 0)))
                throw id.Error("stands twice");
        }
        var rows = new List<PoseRow>();
        foreach (JsonPlace annotation in root.Required("annotations").Items())
        {
            if (annotation.Required("category_id").Whole() != categoryId || annotation.Optional("keypoints") is not JsonPlace keypoints)
                continue;
            JsonPlace imageId = annotation.Required("image_id");
            if (!images.TryGetValue(imageId.Whole(), out (string Name, long Frame) image))
                throw imageId.Error("is no image of the file");
            float[] numbers = keypoints.Numbers(3 * skeleton.Count);
            rows.Add(new PoseRow(
                image.Name, image.Frame,
                annotation.Optional("item")?.Text() ?? annotation.Optional("track_id")?.Whole().ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
                [.. Enumerable.Range(0, skeleton.Count).Select(k => numbers[3 * k + 2] > 0 ? new Vector2(numbers[3 * k], numbers[3 * k + 1]) : new Vector2(float.NaN))],
                annotation.Optional("confidence")?.Numbers(skeleton.Count),
                annotation.Optional("bbox")?.Numbers(4) is [float x, float y, > 0 and float width, > 0 and float height] ? new Box(x, y, width, height) : null,
                annotation.Where));
        }
        return new PoseTable(root.File, skeleton, rows);
    }

    private static Skeleton ReadSkeleton(JsonPlace category)
    {
        ImmutableArray<string> names = [.. category.Required("keypoints").Items().Select(item => item.Text())];
        var edges = ImmutableArray.CreateBuilder<SkeletonEdge>();
        foreach (JsonPlace edge in category.Optional("skeleton")?.Items() ?? [])
        {
            float[] ends = edge.Numbers(2);
            if (ends.Any(end => end < 1 || end > names.Length || end != MathF.Floor(end)))
                throw edge.Error($"expected two numbers from 1 to {names.Length}");
            edges.Add(new SkeletonEdge((int)ends[0] - 1, (int)ends[1] - 1));
        }
        try
        {
            return new Skeleton(category.Optional("name")?.Text() ?? "coco", names, edges.ToImmutable());
        }
        catch (ArgumentException error)
        {
            throw category.Error(error.Message.TrimEnd('.'));
        }
    }
}
