using System.Collections.Immutable;
using System.Text.Json;

namespace KeypointMl.Poses.Skeletons;

/// <summary>
/// The reading half of <see cref="Skeleton.ToJson"/>: shapes only; names and indices are checked by
/// <see cref="Skeleton"/>'s constructor.
/// </summary>
internal static class SkeletonJsonReader
{
    internal static Skeleton Read(JsonElement root)
    {
        Expect(root, JsonValueKind.Object, "the skeleton", "an object");
        string? name = null;
        ImmutableArray<string> keypoints = default;
        ImmutableArray<SkeletonEdge> edges = [];
        ImmutableArray<(int, int)> symmetric = [];
        ImmutableArray<KeypointGroup> groups = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!seen.Add(property.Name))
                throw new InvalidDataException($"Skeleton JSON: key '{property.Name}' stands twice.");
            switch (property.Name)
            {
                case "name":
                    name = Text(property.Value, "'name'");
                    break;
                case "keypoints":
                    keypoints = [.. Items(property.Value, "'keypoints'").Select((item, i) => Text(item, $"'keypoints[{i}]'"))];
                    break;
                case "edges":
                    edges = [.. Items(property.Value, "'edges'").Select((item, i) => Edge(item, $"'edges[{i}]'"))];
                    break;
                case "symmetric":
                    symmetric = [.. Items(property.Value, "'symmetric'").Select((item, i) => Pair(item, $"'symmetric[{i}]'"))];
                    break;
                case "groups":
                    Expect(property.Value, JsonValueKind.Object, "'groups'", "an object of lists of indices");
                    groups = [.. property.Value.EnumerateObject()
                        .Select(group => new KeypointGroup(group.Name, Indices(group.Value, $"'groups.{group.Name}'")))];
                    break;
                default:
                    throw new InvalidDataException(
                        $"Skeleton JSON: unknown key '{property.Name}'; the keys are name, keypoints, edges, symmetric, groups.");
            }
        }
        if (name is null || keypoints.IsDefault)
            throw new InvalidDataException($"Skeleton JSON: key '{(name is null ? "name" : "keypoints")}' is missing.");
        return new Skeleton(name, keypoints, edges, symmetric, groups);
    }

    private static SkeletonEdge Edge(JsonElement item, string where)
    {
        JsonElement[] ends = [.. Items(item, where)];
        if (ends.Length != 2)
            throw new InvalidDataException($"Skeleton JSON: {where} has {ends.Length} ends; an edge has 2, such as [0,1] or [[1,2],3].");
        return new SkeletonEdge(End(ends[0], where), End(ends[1], where));
    }

    private static ImmutableArray<int> End(JsonElement end, string where) =>
        end.ValueKind == JsonValueKind.Array ? Indices(end, where) : [Index(end, where)];

    private static (int, int) Pair(JsonElement item, string where)
    {
        ImmutableArray<int> pair = Indices(item, where);
        return pair.Length == 2
            ? (pair[0], pair[1])
            : throw new InvalidDataException($"Skeleton JSON: {where} has {pair.Length} indices; a pair has 2.");
    }

    private static ImmutableArray<int> Indices(JsonElement item, string where) =>
        [.. Items(item, where).Select(index => Index(index, where))];

    private static int Index(JsonElement item, string where) =>
        item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int index)
            ? index
            : throw new InvalidDataException($"Skeleton JSON: {where} holds {Shorten(item.GetRawText())}; expected a keypoint index.");

    private static string Text(JsonElement item, string where)
    {
        Expect(item, JsonValueKind.String, where, "a string");
        try
        {
            return item.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidDataException(
                $"Skeleton JSON: {where} is no valid Unicode: half of a surrogate pair stands alone. Write the whole character.", error);
        }
    }

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private static JsonElement.ArrayEnumerator Items(JsonElement item, string where)
    {
        Expect(item, JsonValueKind.Array, where, "a list");
        return item.EnumerateArray();
    }

    private static void Expect(JsonElement item, JsonValueKind kind, string where, string expected)
    {
        if (item.ValueKind != kind)
        {
            throw new InvalidDataException(
                $"Skeleton JSON: {where} is a JSON {item.ValueKind.ToString().ToLowerInvariant()}; expected {expected}.");
        }
    }
}
