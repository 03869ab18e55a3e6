using System.Collections.Immutable;
using System.Text.Json;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>The skeleton in the JSON of a SLEAP file: nodes in the order of the points, edges, and symmetric pairs.</summary>
internal static class SleapMetadata
{
    private const int SymmetryEdge = 2;

    internal static Skeleton ReadSkeleton(JsonPlace metadata)
    {
        JsonPlace[] skeletons = [.. metadata.Required("skeletons").Items()];
        if (skeletons is not [JsonPlace entry])
            throw metadata.Required("skeletons").Error($"{skeletons.Length} skeletons; files with one are read");
        // SLEAP 1.3.2 and later may wrap the skeleton together with a description and a picture.
        JsonPlace skeleton = entry.Optional("nx_graph") ?? entry;
        string[] nodes = [.. metadata.Required("nodes").Items().Select(node => node.Required("name").Text())];
        JsonPlace[] ids = [.. skeleton.Required("nodes").Items().Select(node => node.Required("id"))];
        // The points of an instance are in the order of this list, whose numbers point into the file's list of nodes.
        int[] order = [.. ids.Select(id => Index(id, nodes.Length))];
        var edges = ImmutableArray.CreateBuilder<SkeletonEdge>();
        var pairs = new HashSet<(int, int)>();
        var types = new List<long>();
        foreach (JsonPlace link in skeleton.Required("links").Items())
        {
            int from = Position(link.Required("source"));
            int to = Position(link.Required("target"));
            if (Type(link, types) == SymmetryEdge)
                pairs.Add((Math.Min(from, to), Math.Max(from, to)));
            else
                edges.Add(new SkeletonEdge(from, to));
        }
        try
        {
            return new Skeleton(
                skeleton.Optional("graph")?.Optional("name")?.Text()
                ?? "sleap", [.. order.Select(i => nodes[i])], edges.ToImmutable(), [.. pairs]);
        }
        catch (ArgumentException error)
        {
            throw skeleton.Error(error.Message.TrimEnd('.'));
        }

        int Position(JsonPlace id)
        {
            int position = Array.IndexOf(order, Index(id, nodes.Length));
            return position >= 0 ? position : throw id.Error("is no node of the skeleton");
        }
    }

    // jsonpickle writes the enumeration's value the first time, and later the number of that first time. sleap-io
    // writes the value itself there, which is another
    // number where a skeleton has symmetric pairs but no edges: a number of no first time is the value.
    private static long Type(JsonPlace link, List<long> types)
    {
        if (link.Optional("type") is not JsonPlace type)
            return 1;
        if (type.Optional("py/id") is JsonPlace reference)
        {
            return reference.Whole() switch
            {
                long number when number >= 1 && number <= types.Count => types[(int)number - 1],
                long number and (1 or SymmetryEdge) => number,
                _ => throw reference.Error("refers to no edge type"),
            };
        }
        JsonPlace[] reduce = [.. type.Required("py/reduce").Items()];
        if (reduce.Length < 2 || reduce[1].Required("py/tuple").Items().FirstOrDefault() is not { File: not null } value)
            throw type.Error("is no edge type");
        types.Add(value.Whole());
        return types[^1];
    }

    private static int Index(JsonPlace id, int count) => id.Element.ValueKind == JsonValueKind.Number && id.Whole() is long value
        && value < count
        ? (int)value
        : throw id.Error($"expected a number below {count}, the number of nodes");
}
