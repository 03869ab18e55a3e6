using System.Globalization;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Coco;

/// <summary>
/// Reads COCO keypoints JSON (<see href="https://cocodataset.org/#format-data"/>): the annotations of the chosen
/// categories (<see cref="CocoCategories"/>), in the file's order. Visibility 0 is a missing point; a box with a side
/// of 0, or an empty one, is none. Beside COCO's own keys an image's <c>frame</c>, and an annotation's <c>item</c> or
/// <c>track_id</c> and <c>confidence</c>, are read where they are.
/// </summary>
internal static class CocoReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="category">The category's name or id; null for all with keypoints, which must be the same.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no such JSON; the message names file and line, or the path of the element.</exception>
    public static CocoKeypoints Read(string path, string? category)
    {
        using JsonDocument document = JsonFile.Read(path);
        return Read(new JsonPlace(document.RootElement, path, "$"), category);
    }

    private static CocoKeypoints Read(JsonPlace root, string? wanted)
    {
        var categories = CocoCategories.Choose(root.Required("categories"), wanted);
        Dictionary<long, (string Name, long Frame)> images = ReadImages(root);
        var annotations = new List<CocoAnnotation>();
        var seen = new HashSet<long>();
        foreach ((int index, JsonPlace annotation) in root.Required("annotations").Items().Index())
        {
            if (!categories.Names.TryGetValue(annotation.Required("category_id").Whole(), out string? category)
                || annotation.Optional("keypoints") is not JsonPlace keypoints || !keypoints.Items().Any())
                continue;
            long id = annotation.Optional("id")?.Whole() ?? index;
            if (annotation.Optional("id") is JsonPlace stated && !seen.Add(id))
                throw stated.Error("stands twice");
            JsonPlace imageId = annotation.Required("image_id");
            if (!images.TryGetValue(imageId.Whole(), out (string Name, long Frame) image))
                throw imageId.Error("is no image of the file");
            (Vector2[] points, float[] visibility) = ReadKeypoints(keypoints, categories.Skeleton);
            annotations.Add(new CocoAnnotation(id, imageId.Whole(), image.Name, annotation.Optional("bbox") is JsonPlace box
                ? ReadBox(box)
                : null, points, visibility)
            {
                Category = category,
                Frame = image.Frame,
                Item = annotation.Optional("item")?.Text()
                    ?? annotation.Optional("track_id")?.Whole().ToString(CultureInfo.InvariantCulture) ?? "",
                Confidence = annotation.Optional("confidence")?.OptionalNumbers(categories.Skeleton.Count),
                Where = annotation.Where,
            });
        }
        return new CocoKeypoints(root.File, categories.Skeleton, annotations);
    }

    private static Dictionary<long, (string Name, long Frame)> ReadImages(JsonPlace root)
    {
        var images = new Dictionary<long, (string Name, long Frame)>();
        foreach (JsonPlace image in root.Required("images").Items())
        {
            JsonPlace id = image.Required("id");
            // Tools on Windows write its separators.
            string name = image.Required("file_name").Text().Replace('\\', '/');
            if (!images.TryAdd(id.Whole(), (name, image.Optional("frame")?.Whole() ?? 0)))
                throw id.Error("stands twice");
        }
        return images;
    }

    private static (Vector2[] Points, float[] Visibility) ReadKeypoints(JsonPlace keypoints, Skeleton skeleton)
    {
        JsonPlace[] numbers = [.. keypoints.Items()];
        if (numbers.Length != 3 * skeleton.Count)
            throw keypoints.Error($"has {numbers.Length} numbers; expected {3 * skeleton.Count}");
        var points = new Vector2[skeleton.Count];
        var visibility = new float[skeleton.Count];
        for (int k = 0; k < points.Length; k++)
        {
            visibility[k] = numbers[3 * k + 2].Number();
            if (visibility[k] is not (0 or 1 or 2))
                throw keypoints.Error($"the visibility of '{skeleton.Keypoints[k]}' is {visibility[k]}; expected 0, 1 or 2");
            // What stands where nothing is labelled does not matter: 0, 0 or null, null.
            points[k] = visibility[k] == 0 ? new Vector2(float.NaN) : new Vector2(numbers[3 * k].Number(), numbers[3 * k + 1].Number());
        }
        return (points, visibility);
    }

    // A pixel's index is its centre in the keypoints and its edge in the box, in COCO as here. Boxes with a side of 0
    // are in COCO's own files, and CVAT writes them for single points.
    private static Box? ReadBox(JsonPlace box)
    {
        if (!box.Items().Any())
            return null;
        return box.Numbers(4) switch
        {
            [float x, float y, > 0 and float width, > 0 and float height] => new Box(x, y, width, height),
            [_, _, >= 0, >= 0] => null,
            _ => throw box.Error("expected [x, y, width, height] with sides of 0 or more"),
        };
    }
}

/// <summary>
/// The annotations of one category of a COCO keypoints file, or of several with the same keypoints
/// (<see href="https://cocodataset.org/#format-data"/>).
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Skeleton">
/// The category's keypoints and edges; named like the category, or like the file where there are several. Keypoints
/// whose names differ in <c>left</c> and <c>right</c> alone are symmetric pairs.
/// </param>
/// <param name="Annotations">In the file's order.</param>
internal sealed record CocoKeypoints(string Path, Skeleton Skeleton, IReadOnlyList<CocoAnnotation> Annotations)
{
    /// <summary>Reads a file. The images are not looked at.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="category">
    /// The category's name, or its id; null for all that have keypoints, which must be the same ones. Categories
    /// without keypoints are passed over.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is not COCO keypoints JSON, or larger than 1 GiB, 100 million values or 64 levels; the message names file and
    /// line, or the path of the element.
    /// </exception>
    public static CocoKeypoints Read(string path, string? category = null) => CocoReader.Read(path, category);

    /// <summary>The annotations as a table of poses.</summary>
    public PoseTable ToTable() => new(
        Path,
        Skeleton,
        [.. Annotations.Select(annotation =>
            new PoseRow(annotation.FileName, annotation.Frame, annotation.Item, annotation.Keypoints,
                PoseRow.KnownScores(annotation.Confidence, annotation.Keypoints), annotation.Box, annotation.Where))]);
}
