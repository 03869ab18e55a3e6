using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>
/// Reads SLEAP's analysis files (<c>.analysis.h5</c>: arrays of all frames, tracks and nodes), as SLEAP and sleap-io
/// export them, in any order of their dimensions. Row n of the arrays is frame n of
/// the video.
/// </summary>
internal static class SleapAnalysisReader
{
    private const int RowBytes = 200;

    // SLEAP's own order, which is MATLAB's.
    private static readonly string[] Usual = ["track", "xy", "node", "frame"];

    /// <summary>Whether a file is one.</summary>
    internal static bool IsAnalysis(Hdf5Source source) => source.Find("tracks") is Hdf5Dataset && source.Find("node_names") is Hdf5Dataset;

    internal static PoseTable Read(Hdf5Source source)
    {
        Hdf5Dataset tracks = source.Dataset("tracks");
        string[] order = Order(source, tracks);
        int[] sizes = [.. tracks.Space.Dimensions.Select(size => (int)Math.Min(size, int.MaxValue))];
        if (sizes.Length != 4 || order.Length != 4 || Usual.Except(order).Any())
        {
            throw tracks.Error($"has {string.Join('×', sizes)} numbers of {string.Join(", ", order)}; expected frames, "
                + "tracks, nodes and xy");
        }
        (int frames, int animals, int nodes) = (Size("frame"), Size("track"), Size("node"));
        string[] names = source.Texts(source.Dataset("node_names"));
        if (Size("xy") != 2 || names.Length != nodes)
            throw tracks.Error($"has {Size("xy")} coordinates of {nodes} nodes; expected 2 of {names.Length}");
        string[] trackNames = source.Find("track_names") is Hdf5Dataset { Type.IsText: true } list ? source.Texts(list) : [];
        string video = source.Find("video_path") is Hdf5Dataset { Type.IsText: true } path
            ? source.Texts(path).FirstOrDefault("").Replace('\\', '/')
            : "";
        Skeleton skeleton = ReadSkeleton(source, names);
        double[] values = source.Doubles(tracks);
        string[] scoreOrder = [.. order.Where(name => name != "xy")];
        bool isScored = source.Find("point_scores") is Hdf5Dataset scored
            && scored.Space.Dimensions.SequenceEqual(scoreOrder.Select(name => (long)Size(name)));
        double[]? scores = isScored ? source.Doubles(source.Dataset("point_scores")) : null;
        var rows = new List<PoseRow>();
        for (int frame = 0; frame < frames; frame++)
        {
            for (int animal = 0; animal < animals; animal++)
            {
                var points = new Vector2[nodes];
                float[]? own = scores is null ? null : new float[nodes];
                for (int node = 0; node < nodes; node++)
                {
                    var point = new Vector2((float)values[Place(order, frame, animal, node, 0)],
                        (float)values[Place(order, frame, animal, node, 1)]);
                    points[node] = float.IsFinite(point.X) && float.IsFinite(point.Y) ? point : new Vector2(float.NaN);
                    // SLEAP writes no scores of instances that somebody has corrected.
                    if (own is not null)
                        own[node] = (float)scores![Place(scoreOrder, frame, animal, node, 0)];
                }
                if (points.All(point => float.IsNaN(point.X)))
                    continue;
                string where = $"{source.Path}: tracks, frame {frame}, track {animal}";
                source.Take(RowBytes + sizeof(char) * (long)where.Length + 12L * nodes, "tracks");
                string only = animals > 1 ? $"{animal}" : "";
                rows.Add(new PoseRow(video, frame, animal < trackNames.Length ? trackNames[animal] : only, points,
                    PoseRow.KnownScores(own, points), null, where));
            }
        }
        return new PoseTable(source.Path, skeleton, rows);

        int Size(string name) => sizes[Array.IndexOf(order, name)];

        int Place(string[] dimensions, int frame, int animal, int node, int xy)
        {
            int place = 0;
            foreach (string dimension in dimensions)
                place = place * Size(dimension) + dimension switch { "frame" => frame, "track" => animal, "node" => node, _ => xy };
            return place;
        }
    }

    private static string[] Order(Hdf5Source source, Hdf5Dataset tracks)
    {
        if (tracks.Attribute("dims")?.Text() is not string dims)
            return Usual;
        using JsonDocument json = SleapJson.Parse(source, "tracks.dims", dims);
        return [.. new JsonPlace(json.RootElement, source.Path, "tracks.dims").Items().Select(name => name.Text())];
    }

    private static Skeleton ReadSkeleton(Hdf5Source source, string[] names)
    {
        SkeletonEdge[] edges = [];
        if (source.Find("edge_inds") is Hdf5Dataset { Count: > 0, Space.Dimensions: [_, 2] or [2, _] } list)
        {
            // SLEAP transposes all that it exports.
            double[] ends = source.Doubles(list);
            bool pairs = list.Space.Dimensions[1] == 2;
            edges = [.. Enumerable.Range(0, ends.Length / 2).Select(i => pairs
                ? new SkeletonEdge(Node(ends[2 * i]), Node(ends[2 * i + 1]))
                : new SkeletonEdge(Node(ends[i]), Node(ends[i + ends.Length / 2])))];
        }
        try
        {
            return new Skeleton("sleap", [.. names], [.. edges]);
        }
        catch (ArgumentException error)
        {
            throw source.Error("node_names", error.Message.TrimEnd('.'));
        }

        int Node(double index) => index >= 0 && index < names.Length
            ? (int)index
            : throw source.Error("edge_inds", $"holds {index}; there are {names.Length} nodes");
    }
}
