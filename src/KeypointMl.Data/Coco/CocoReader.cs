using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>The reading of <see cref="CocoKeypoints"/>: strict, every complaint names file and part.</summary>
internal sealed class CocoReader
{
    private readonly string path;

    private CocoReader(string path) => this.path = path;

    public static CocoKeypoints Read(string path, string? category)
    {
        JsonDocument document;
        try
        {
            using FileStream stream = File.OpenRead(path);
            document = JsonDocument.Parse(stream);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}:{e.LineNumber + 1}: not well-formed JSON at byte {e.BytePositionInLine} of the line. {e.Message}", e);
        }
        using (document)
            return new CocoReader(path).Read(document.RootElement, category);
    }

    private CocoKeypoints Read(JsonElement root, string? category)
    {
        (long categoryId, Skeleton skeleton) = FindCategory(root, category);
        var images = new Dictionary<long, string>();
        foreach ((JsonElement image, string where) in Items(root, "", "images"))
        {
            long id = Whole(image, where, "id");
            if (!images.TryAdd(id, Text(image, where, "file_name")))
                throw Error(where, $"id {id} stands twice");
        }
        var annotations = new List<CocoAnnotation>();
        var seen = new HashSet<long>();
        foreach ((JsonElement annotation, string where) in Items(root, "", "annotations"))
        {
            if (Whole(annotation, where, "category_id") != categoryId)
                continue;
            long id = Whole(annotation, where, "id");
            if (!seen.Add(id))
                throw Error(where, $"id {id} stands twice");
            long image = Whole(annotation, where, "image_id");
            string file = images.TryGetValue(image, out string? name) ? name : throw Error($"{where}.image_id", $"there is no image {image}");
            (Vector2[] points, float[] visibility) = Keypoints(annotation, where, skeleton);
            annotations.Add(new CocoAnnotation(id, image, file, BoxOf(annotation, where), points, visibility));
        }
        return annotations.Count > 0
            ? new CocoKeypoints(path, skeleton, annotations)
            : throw new InvalidDataException($"{path} has no annotation of category '{skeleton.Name}'.");
    }

    private (long Id, Skeleton Skeleton) FindCategory(JsonElement root, string? wanted)
    {
        var found = new List<(long Id, Skeleton Skeleton)>();
        var names = new List<string>();
        foreach ((JsonElement category, string where) in Items(root, "", "categories"))
        {
            string name = Text(category, where, "name");
            names.Add(name);
            if (category.TryGetProperty("keypoints", out _) && (wanted is null || wanted == name))
                found.Add((Whole(category, where, "id"), SkeletonOf(category, where, name)));
        }
        if (found.Count == 1)
            return found[0];
        string all = string.Join(", ", names.Select(name => $"'{name}'"));
        throw new InvalidDataException(found.Count == 0
            ? $"{path}: no category {(wanted is null ? "" : $"'{wanted}' ")}with keypoints; the categories are {(names.Count == 0 ? "none" : all)}."
            : $"{path}: {found.Count} categories with keypoints ({string.Join(", ", found.Select(c => $"'{c.Skeleton.Name}'"))}); say which to load.");
    }

    private Skeleton SkeletonOf(JsonElement category, string where, string name)
    {
        ImmutableArray<string> keypoints = [.. Items(category, where, "keypoints").Select(item => item.Element.ValueKind == JsonValueKind.String ? item.Element.GetString()! : throw Expected(item.Where, "a string", item.Element))];
        var edges = ImmutableArray.CreateBuilder<SkeletonEdge>();
        if (category.TryGetProperty("skeleton", out _))
        {
            foreach ((JsonElement edge, string edgeWhere) in Items(category, where, "skeleton"))
            {
                // COCO counts from 1 here.
                int[] ends = edge.ValueKind == JsonValueKind.Array ? [.. edge.EnumerateArray().Select(end => end.ValueKind == JsonValueKind.Number && end.TryGetInt32(out int k) ? k - 1 : -1)] : [];
                if (ends is not [int from, int to] || Math.Min(from, to) < 0 || Math.Max(from, to) >= keypoints.Length)
                    throw Expected(edgeWhere, $"two numbers of keypoints, 1 to {keypoints.Length}", edge);
                edges.Add(new SkeletonEdge(from, to));
            }
        }
        try
        {
            return new Skeleton(name, keypoints, edges.ToImmutable(), SymmetricPairs(keypoints));
        }
        catch (ArgumentException e)
        {
            throw Error(where, e.Message);
        }
    }

    private static ImmutableArray<(int, int)> SymmetricPairs(ImmutableArray<string> keypoints) =>
    [
        .. Enumerable.Range(0, keypoints.Length)
            .Where(k => keypoints[k].Contains("left", StringComparison.Ordinal))
            .Select(k => (Left: k, Right: keypoints.IndexOf(keypoints[k].Replace("left", "right"))))
            .Where(pair => pair.Right >= 0),
    ];

    private (Vector2[] Points, float[] Visibility) Keypoints(JsonElement annotation, string where, Skeleton skeleton)
    {
        float[] numbers = Numbers(annotation, where, "keypoints");
        if (numbers.Length != 3 * skeleton.Count)
            throw Error($"{where}.keypoints", $"{numbers.Length} numbers; category '{skeleton.Name}' has {skeleton.Count} keypoints, which make {3 * skeleton.Count} (x, y, visibility)");
        var points = new Vector2[skeleton.Count];
        var visibility = new float[skeleton.Count];
        for (int k = 0; k < points.Length; k++)
        {
            visibility[k] = numbers[3 * k + 2];
            if (visibility[k] is not (0 or 1 or 2))
                throw Error($"{where}.keypoints", $"the visibility of '{skeleton.Keypoints[k]}' is {visibility[k]}; expected 0, 1 or 2");
            points[k] = visibility[k] == 0 ? new Vector2(float.NaN) : new Vector2(numbers[3 * k], numbers[3 * k + 1]);
        }
        return (points, visibility);
    }

    // A pixel's index is its centre in the keypoints and its edge in the box, in COCO as here.
    private Box BoxOf(JsonElement annotation, string where)
    {
        float[] numbers = Numbers(annotation, where, "bbox");
        return numbers is [float x, float y, > 0 and float width, > 0 and float height]
            ? new Box(x, y, width, height)
            : throw Error($"{where}.bbox", $"[{string.Join(", ", numbers)}]; expected [x, y, width, height] with both sides greater than 0");
    }

    private float[] Numbers(JsonElement parent, string where, string name) =>
    [
        .. Items(parent, where, name).Select(item => item.Element.ValueKind == JsonValueKind.Number && item.Element.TryGetSingle(out float number) && float.IsFinite(number)
            ? number
            : throw Expected(item.Where, "a finite number", item.Element)),
    ];

    private IEnumerable<(JsonElement Element, string Where)> Items(JsonElement parent, string where, string name)
    {
        JsonElement list = Property(parent, where, name, JsonValueKind.Array, "a list");
        string path = where.Length == 0 ? name : $"{where}.{name}";
        return list.EnumerateArray().Select((element, i) => (element, $"{path}[{i}]"));
    }

    private string Text(JsonElement parent, string where, string name) => Property(parent, where, name, JsonValueKind.String, "a string").GetString()!;

    private long Whole(JsonElement parent, string where, string name)
    {
        JsonElement value = Property(parent, where, name, JsonValueKind.Number, "a whole number");
        return value.TryGetInt64(out long number) ? number : throw Expected($"{where}.{name}", "a whole number", value);
    }

    private JsonElement Property(JsonElement parent, string where, string name, JsonValueKind kind, string expected)
    {
        if (parent.ValueKind != JsonValueKind.Object)
            throw Expected(where.Length == 0 ? "the file" : where, "an object", parent);
        string path = where.Length == 0 ? name : $"{where}.{name}";
        if (!parent.TryGetProperty(name, out JsonElement value))
            throw Error(path, $"is missing; expected {expected}");
        return value.ValueKind == kind ? value : throw Expected(path, expected, value);
    }

    private InvalidDataException Expected(string where, string expected, JsonElement found)
    {
        string text = found.GetRawText();
        return Error(where, $"{(text.Length > 40 ? text[..40] + "…" : text)}; expected {expected}");
    }

    private InvalidDataException Error(string where, string message) => new($"{path}: {where}: {message}.");
}
