using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>
/// Reads COCO keypoints JSON (<see href="https://cocodataset.org/#format-data"/>): the annotations of one category with keypoints, in the file's order. Visibility 0 is a missing point.
/// Beside COCO's own keys an image's <c>frame</c>, and an annotation's <c>item</c> or <c>track_id</c> and <c>confidence</c>, are read where they are.
/// </summary>
internal static class CocoReader
{
    private const long MaxBytes = 1L << 30;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="category">The category's name; null where there is one with keypoints.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no such JSON; the message names file and line, or the path of the element.</exception>
    public static CocoKeypoints Read(string path, string? category)
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
            return Read(new JsonPlace(document.RootElement, path, "$"), category);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}:{(error.LineNumber ?? 0) + 1}: not well-formed JSON at byte {error.BytePositionInLine ?? 0} of the line.", error);
        }
    }

    private static CocoKeypoints Read(JsonPlace root, string? wanted)
    {
        JsonPlace category = FindCategory(root.Required("categories"), wanted);
        Skeleton skeleton = ReadSkeleton(category);
        long categoryId = category.Required("id").Whole();
        var images = new Dictionary<long, (string Name, long Frame)>();
        foreach (JsonPlace image in root.Required("images").Items())
        {
            JsonPlace id = image.Required("id");
            if (!images.TryAdd(id.Whole(), (image.Required("file_name").Text(), image.Optional("frame")?.Whole() ?? 0)))
                throw id.Error("stands twice");
        }
        var annotations = new List<CocoAnnotation>();
        var seen = new HashSet<long>();
        foreach ((int index, JsonPlace annotation) in root.Required("annotations").Items().Index())
        {
            if (annotation.Required("category_id").Whole() != categoryId || annotation.Optional("keypoints") is not JsonPlace keypoints)
                continue;
            long id = annotation.Optional("id")?.Whole() ?? index;
            if (annotation.Optional("id") is JsonPlace stated && !seen.Add(id))
                throw stated.Error("stands twice");
            JsonPlace imageId = annotation.Required("image_id");
            if (!images.TryGetValue(imageId.Whole(), out (string Name, long Frame) image))
                throw imageId.Error("is no image of the file");
            (Vector2[] points, float[] visibility) = ReadKeypoints(keypoints, skeleton);
            annotations.Add(new CocoAnnotation(id, imageId.Whole(), image.Name, annotation.Optional("bbox") is JsonPlace box ? ReadBox(box) : null, points, visibility)
            {
                Frame = image.Frame,
                Item = annotation.Optional("item")?.Text() ?? annotation.Optional("track_id")?.Whole().ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
                Confidence = annotation.Optional("confidence")?.Numbers(skeleton.Count),
                Where = annotation.Where,
            });
        }
        return new CocoKeypoints(root.File, skeleton, annotations);
    }

    private static JsonPlace FindCategory(JsonPlace categories, string? wanted)
    {
        JsonPlace[] found = [.. categories.Items().Where(item => item.Optional("keypoints") is not null)];
        if (wanted is not null)
            found = [.. found.Where(item => NameOf(item) == wanted)];
        if (found is [JsonPlace category])
            return category;
        string all = string.Join(", ", (found.Length > 0 ? found : categories.Items()).Select(item => $"'{NameOf(item)}'"));
        throw categories.Error(found.Length == 0
            ? $"no category {(wanted is null ? "has" : $"'{wanted}' with")} keypoints{(all.Length > 0 ? $"; the categories are {all}" : "")}"
            : $"{found.Length} categories have keypoints ({all}); expected one, or the name of the one to read");
    }

    private static string NameOf(JsonPlace category) => category.Optional("name")?.Text() ?? "coco";

    private static (Vector2[] Points, float[] Visibility) ReadKeypoints(JsonPlace keypoints, Skeleton skeleton)
    {
        float[] numbers = keypoints.Numbers(3 * skeleton.Count);
        var points = new Vector2[skeleton.Count];
        var visibility = new float[skeleton.Count];
        for (int k = 0; k < points.Length; k++)
        {
            visibility[k] = numbers[3 * k + 2];
            if (visibility[k] is not (0 or 1 or 2))
                throw keypoints.Error($"the visibility of '{skeleton.Keypoints[k]}' is {visibility[k]}; expected 0, 1 or 2");
            points[k] = visibility[k] == 0 ? new Vector2(float.NaN) : new Vector2(numbers[3 * k], numbers[3 * k + 1]);
        }
        return (points, visibility);
    }

    // A pixel's index is its centre in the keypoints and its edge in the box, in COCO as here.
    private static Box ReadBox(JsonPlace box) => box.Numbers(4) is [float x, float y, > 0 and float width, > 0 and float height]
        ? new Box(x, y, width, height)
        : throw box.Error("expected [x, y, width, height] with both sides greater than 0");

    private static Skeleton ReadSkeleton(JsonPlace category)
    {
        ImmutableArray<string> names = [.. category.Required("keypoints").Items().Select(item => item.Text())];
        var edges = ImmutableArray.CreateBuilder<SkeletonEdge>();
        foreach (JsonPlace edge in category.Optional("skeleton")?.Items() ?? [])
        {
            // COCO counts from 1 here.
            float[] ends = edge.Numbers(2);
            if (ends.Any(end => end < 1 || end > names.Length || end != MathF.Floor(end)))
                throw edge.Error($"expected two numbers from 1 to {names.Length}");
            edges.Add(new SkeletonEdge((int)ends[0] - 1, (int)ends[1] - 1));
        }
        try
        {
            return new Skeleton(NameOf(category), names, edges.ToImmutable(), SymmetricPairs(names));
        }
        catch (ArgumentException error)
        {
            throw category.Error(error.Message.TrimEnd('.'));
        }
    }

    private static ImmutableArray<(int, int)> SymmetricPairs(ImmutableArray<string> names) =>
    [
        .. Enumerable.Range(0, names.Length)
            .Where(k => names[k].Contains("left", StringComparison.Ordinal))
            .Select(k => (Left: k, Right: names.IndexOf(names[k].Replace("left", "right"))))
            .Where(pair => pair.Right >= 0),
    ];
}
