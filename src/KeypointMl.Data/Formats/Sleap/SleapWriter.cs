using System.Text;
using System.Text.Json.Nodes;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Skeletons;
using PureHDF;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>
/// Writes a table of poses as a <c>.slp</c> file that SLEAP and sleap-io open (format 1.1): rows with scores as
/// predictions, others as labels. A source that is a video becomes a video; images become image sequences, in which a
/// row's frame is the image's number.
/// </summary>
internal static class SleapWriter
{
    private const double FormatId = 1.1;

    /// <summary>SLEAP wants texts of a fixed length, all alike; an attribute has 64 KB at most.</summary>
    private const int MaxTextBytes = 60_000;

    private const int ImagesPerVideo = 100;

    internal static void Write(PoseTable table, string path)
    {
        // What could not be scored is no instance.
        table = table with { Rows = [.. table.Rows.Where(row => row.HasPoint || row is { Scores: null, Outcome: null })] };
        var index = new SleapSources(table.Rows, ImagesPerVideo);
        string[] tracks = [.. table.Rows.Select(row => row.Item).Where(item => item.Length > 0).Distinct()];
        var records = new SleapRecords(table, index, tracks);
        string metadata = Metadata(table.Skeleton).ToJsonString();
        string[] videosJson = [.. index.Videos.Select(video => video.ToJsonString())];
        string[] tracksJson = [.. tracks.Select(track => new JsonArray(0, track).ToJsonString())];
        int length = videosJson.Concat(tracksJson).Append(metadata).Max(Encoding.UTF8.GetByteCount) + 1;
        if (length > MaxTextBytes)
        {
            throw new IOException(
                $"{path}: the skeleton or the names of the images need {length:N0} bytes; a SLEAP file has room for {MaxTextBytes:N0}.");
        }
        var file = new H5File
        {
            ["metadata"] = new H5Group { Attributes = new() { ["format_id"] = FormatId, ["json"] = metadata } },
            ["videos_json"] = Texts(videosJson),
            ["tracks_json"] = Texts(tracksJson),
            ["suggestions_json"] = Texts([]),
            ["frames"] = Records(records.Frames),
            ["instances"] = Records(records.Instances),
            ["points"] = Records(records.Points),
            ["pred_points"] = Records(records.PredictedPoints),
        };
        AtomicFile.Write(path, stream =>
        {
            // PureHDF closes the stream it writes to; what it wrote must be flushed by us.
            using var memory = new MemoryStream();
            file.Write(memory, new H5WriteOptions(DefaultStringLength: length));
            stream.Write(memory.ToArray());
        });
    }

    // PureHDF cannot make a data set without elements from an array, but can from its size.
    private static H5Dataset Records<T>(T[] records) => records.Length > 0 ? new H5Dataset(records) : new H5Dataset<T[]>(fileDims: [0]);

    private static H5Dataset Texts(string[] texts) => texts.Length > 0 ? new H5Dataset(texts) : new H5Dataset<double[]>(fileDims: [0]);

    private static JsonObject Metadata(Skeleton skeleton)
    {
        (int From, int To)[] edges = [.. skeleton.Edges.Where(edge => edge.From.Length == 1 && edge.To.Length == 1)
            .Select(edge => (edge.From[0], edge.To[0]))];
        var links = new JsonArray();
        for (int i = 0; i < edges.Length; i++)
            links.Add(Link(edges[i].From, edges[i].To, i, 1, first: i == 0, reference: 1));
        int reference = edges.Length > 0 ? 2 : 1;
        for (int i = 0; i < skeleton.SymmetricPairs.Length; i++)
            links.Add(Link(skeleton.SymmetricPairs[i].Left, skeleton.SymmetricPairs[i].Right, null, 2, first: i == 0, reference));
        return new JsonObject
        {
            ["version"] = "2.0.0",
            ["skeletons"] = new JsonArray(new JsonObject
            {
                ["directed"] = true,
                ["graph"] = new JsonObject { ["name"] = skeleton.Name, ["num_edges_inserted"] = edges.Length },
                ["links"] = links,
                ["multigraph"] = true,
                ["nodes"] = new JsonArray([.. Enumerable.Range(0, skeleton.Count).Select(i => (JsonNode)new JsonObject { ["id"] = i })]),
            }),
            ["nodes"] = new JsonArray([.. skeleton.Keypoints.Select(name => (JsonNode)new JsonObject
            {
                ["name"] = name,
                ["weight"] = 1.0,
            })]),
            ["videos"] = new JsonArray(),
            ["tracks"] = new JsonArray(),
            ["suggestions"] = new JsonArray(),
            ["negative_anchors"] = new JsonObject(),
            ["provenance"] = new JsonObject { ["writer"] = "KeypointMl" },
        };
    }

    // jsonpickle's form: the enumeration the first time, its number after that.
    private static JsonObject Link(int from, int to, int? order, int type, bool first, int reference)
    {
        var link = new JsonObject { ["key"] = 0, ["source"] = from, ["target"] = to };
        if (order is int number)
            link["edge_insert_idx"] = number;
        link["type"] = first
            ? new JsonObject
            {
                ["py/reduce"] = new JsonArray(new JsonObject
                {
                    ["py/type"] = "sleap.skeleton.EdgeType",
                }, new JsonObject { ["py/tuple"] = new JsonArray(type) }),
            }
            : new JsonObject { ["py/id"] = reference };
        return link;
    }
}
