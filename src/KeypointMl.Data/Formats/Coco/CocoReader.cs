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
/// of 0, or an empty one, is none. Annotations of crowds are left out. Beside COCO's own keys an image's <c>frame</c> and
/// <c>error</c> (why it could not be scored), an annotation's <c>confidence</c>, and its <c>item</c> or <c>track_id</c>, or what
/// sleap-io and CVAT have among its <c>attributes</c>, are read where they are. Ids are texts or numbers.
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
        if (root.Element.ValueKind == JsonValueKind.Array)
        {
            throw root.Error("is a list, as COCO's format of results is, which names neither keypoints nor images; expected annotations "
                + "with 'categories' and 'images'");
        }
        var categories = CocoCategories.Choose(root.Required("categories"), wanted);
        Dictionary<string, (string Name, long Frame, long Id)> images = ReadImages(root, out List<CocoFailure> failures);
        var annotations = new List<CocoAnnotation>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int index, JsonPlace annotation) in root.Required("annotations").Items().Index())
        {
            if (!categories.Names.TryGetValue(annotation.Required("category_id").Id(), out string? category)
                || annotation.Optional("keypoints") is not JsonPlace keypoints || !keypoints.Items().Any() || IsCrowd(annotation))
                continue;
            JsonPlace? id = annotation.Optional("id");
            if (id is JsonPlace stated && !seen.Add(stated.Id()))
                throw stated.Error("stands twice");
            JsonPlace imageId = annotation.Required("image_id");
            if (!images.TryGetValue(imageId.Id(), out (string Name, long Frame, long Id) image))
                throw imageId.Error("is no image of the file");
            (Vector2[] points, float[] visibility) = ReadKeypoints(keypoints, categories.Skeleton);
            annotations.Add(new CocoAnnotation(NumberOr(id, index), image.Id, image.Name, annotation.Optional("bbox") is JsonPlace box
                ? ReadBox(box)
                : null, points, visibility)
            {
                Category = category,
                Frame = image.Frame,
                Item = TrackOf(annotation),
                Confidence = annotation.Optional("confidence")?.OptionalNumbers(categories.Skeleton.Count),
                Where = annotation.Where,
            });
        }
        return new CocoKeypoints(root.File, categories.Skeleton, annotations) { Failures = failures };
    }

    // Outlines of several subjects at once.
    private static bool IsCrowd(JsonPlace annotation) => annotation.Optional("iscrowd") is JsonPlace crowd
        && (crowd.Element.ValueKind == JsonValueKind.True || (crowd.Element.ValueKind == JsonValueKind.Number && crowd.Number() != 0));

    private static string TrackOf(JsonPlace annotation)
    {
        JsonPlace? attributes = annotation.Optional("attributes") is { Element.ValueKind: JsonValueKind.Object } there ? there : null;
        JsonPlace? track = annotation.Optional("item") ?? annotation.Optional("track_id")
            ?? attributes?.Optional("object_id") ?? attributes?.Optional("track_id");
        return track?.Id() is { } id and not "-1" ? id : "";
    }

    private static long NumberOr(JsonPlace? id, int place) =>
        long.TryParse(id?.Id(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : place;

    private static Dictionary<string, (string Name, long Frame, long Id)> ReadImages(JsonPlace root, out List<CocoFailure> failures)
    {
        failures = [];
        var images = new Dictionary<string, (string Name, long Frame, long Id)>(StringComparer.Ordinal);
        foreach ((int index, JsonPlace image) in root.Required("images").Items().Index())
        {
            JsonPlace id = image.Required("id");
            // Tools on Windows write its separators.
            string name = image.Required("file_name").Text().Replace('\\', '/');
            long frame = image.Optional("frame")?.Whole() ?? 0;
            if (!images.TryAdd(id.Id(), (name, frame, NumberOr(id, index))))
                throw id.Error("stands twice");
            if (image.Optional("error") is { Element.ValueKind: JsonValueKind.String } error)
                failures.Add(new CocoFailure(name, frame, error.Text(), image.Where));
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

    /// <summary>The images that could not be scored, in files of predictions.</summary>
    public IReadOnlyList<CocoFailure> Failures { get; init; } = [];

    /// <summary>The annotations as a table of poses, and behind them what could not be scored.</summary>
    public PoseTable ToTable() => new(
        Path,
        Skeleton,
        [.. Annotations.Select(annotation =>
            new PoseRow(annotation.FileName, annotation.Frame, annotation.Item, annotation.Keypoints,
                PoseRow.KnownScores(annotation.Confidence, annotation.Keypoints), annotation.Box, annotation.Where)),
            .. Failures.Select(RowOf)]);

    private PoseRow RowOf(CocoFailure failure)
    {
        var nowhere = new Vector2[Skeleton.Count];
        Array.Fill(nowhere, new Vector2(float.NaN));
        float[] unknown = new float[Skeleton.Count];
        Array.Fill(unknown, float.NaN);
        return new PoseRow(failure.FileName, failure.Frame, "", nowhere, unknown, null, failure.Where) { Outcome = (false, failure.Error) };
    }
}

/// <summary>Why an image, or a frame of a video, could not be scored.</summary>
/// <param name="FileName">The image's <c>file_name</c>.</param>
/// <param name="Frame">Its <c>frame</c>; 0 where it has none.</param>
/// <param name="Error">Its <c>error</c>.</param>
/// <param name="Where">File and position, for messages.</param>
internal sealed record CocoFailure(string FileName, long Frame, string Error, string Where);
