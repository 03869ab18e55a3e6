using System.Collections.Immutable;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Coco;

/// <summary>The categories of a COCO file that are read: one, or several that have the same keypoints.</summary>
/// <param name="Skeleton">Their keypoints; the edges of all.</param>
/// <param name="Names">Their names by <c>id</c>.</param>
internal sealed record CocoCategories(Skeleton Skeleton, IReadOnlyDictionary<string, string> Names)
{
    /// <summary>
    /// Chooses among the file's categories. Those whose list of keypoints is empty or absent have none: boxes and
    /// outlines of other things.
    /// </summary>
    /// <param name="categories">The file's <c>categories</c>.</param>
    /// <param name="wanted">A category's name, or else its <c>id</c>; null for all with keypoints.</param>
    /// <exception cref="InvalidDataException">There is none, or they have different keypoints; the message names the file's.</exception>
    internal static CocoCategories Choose(JsonPlace categories, string? wanted)
    {
        JsonPlace[] found = [.. categories.Items().Where(item => item.Optional("keypoints")?.Items().Any() ?? false)];
        if (wanted is not null)
        {
            JsonPlace[] named = [.. found.Where(item => NameOf(item) == wanted)];
            found = named.Length > 0
                ? named
                : [.. found.Where(item => item.Required("id").Id() == wanted)];
        }
        if (found.Length == 0)
        {
            string which = wanted is null ? "has" : $"'{TextNumbers.Shorten(wanted)}' with";
            throw categories.Error($"no category {which} keypoints{List("; the categories are ", categories.Items())}");
        }
        ImmutableArray<string> keypoints = KeypointsOf(found[0]);
        if (found.Any(item => !KeypointsOf(item).SequenceEqual(keypoints)))
        {
            throw categories.Error(
                $"{found.Length} categories have keypoints{List(": ", found)}, and not the same ones; name the one to read, "
                + "in 'data convert' with --category NAME, in a manifest's reader with 'category: NAME'");
        }
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonPlace category in found)
        {
            if (!names.TryAdd(category.Required("id").Id(), NameOf(category)))
                throw category.Required("id").Error("stands twice");
        }
        return new CocoCategories(MakeSkeleton(found, keypoints, categories.File), names);
    }

    private static string List(string before, IEnumerable<JsonPlace> categories)
    {
        string[] names = [.. categories.Take(21).Select(item => $"'{TextNumbers.Shorten(NameOf(item))}'")];
        return names.Length == 0 ? "" : before + string.Join(", ", names.Take(20)) + (names.Length > 20 ? ", …" : "");
    }

    private static string NameOf(JsonPlace category) => category.Optional("name")?.Text() ?? "coco";

    private static ImmutableArray<string> KeypointsOf(JsonPlace category) =>
        [.. category.Required("keypoints").Items().Select(item => item.Text())];

    private static Skeleton MakeSkeleton(JsonPlace[] categories, ImmutableArray<string> keypoints, string file)
    {
        string name = categories.Length == 1 ? NameOf(categories[0]) : Path.GetFileNameWithoutExtension(file);
        ImmutableArray<SkeletonEdge> edges =
        [
            .. categories.SelectMany(category => ReadEdges(category, keypoints.Length))
                .DistinctBy(edge => (Math.Min(edge.From, edge.To), Math.Max(edge.From, edge.To)))
                .Select(edge => new SkeletonEdge(edge.From, edge.To)),
        ];
        try
        {
            return new Skeleton(name, keypoints, edges, SymmetricPairs(keypoints));
        }
        catch (ArgumentException error)
        {
            throw categories[0].Error(error.Message.TrimEnd('.'));
        }
    }

    // COCO counts the keypoints of edges from 1; some tools count from 0, which shows where there is a 0.
    private static (int From, int To)[] ReadEdges(JsonPlace category, int count)
    {
        (JsonPlace Place, float[] Ends)[] edges = [.. (category.Optional("skeleton")?.Items()
            ?? []).Select(edge => (edge, edge.Numbers(2)))];
        int first = edges.Any(edge => edge.Ends.Contains(0)) ? 0 : 1;
        foreach ((JsonPlace place, float[] ends) in edges)
        {
            if (ends.Any(end => end < first || end >= first + count || end != MathF.Floor(end)))
            {
                throw place.Error($"expected two numbers from {first} to "
                    + $"{count - 1 + first}{(first == 0 ? " (a 0 in the list says that it counts from 0)" : "")}");
            }
        }
        return [.. edges.Select(edge => ((int)edge.Ends[0] - first, (int)edge.Ends[1] - first))];
    }

    private static ImmutableArray<(int, int)> SymmetricPairs(ImmutableArray<string> names) =>
    [
        .. Enumerable.Range(0, names.Length)
            .Where(k => names[k].Contains("left", StringComparison.Ordinal))
            .Select(k => (Left: k, Right: names.IndexOf(names[k].Replace("left", "right"))))
            .Where(pair => pair.Right >= 0),
    ];
}
