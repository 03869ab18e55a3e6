using System.Numerics;
using System.Text.Json;
using KeypointMl.Poses;
using PureHDF;

namespace KeypointMl.Data;

/// <summary>
/// Reads SLEAP's <c>.slp</c> files (HDF5; <see href="https://io.sleap.ai/latest/formats/slp/"/>): the labels of every frame, or the predictions where a person has not corrected them. A row's
/// source is the video, its item the track. Files of format 1.0 have (0,0) at the corner of the first pixel and are moved by half a pixel.
/// </summary>
public static class SleapReader
{
    private const long MaxBytes = 1L << 30;
    private const double FirstFormatOfCentres = 1.1;
    private const int Predicted = 1;

    private readonly record struct Instance(int Frame, int Track, int FromPredicted, bool IsPredicted, int Start, int End);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged, has several skeletons, or its parts do not fit together; the message names file and element.</exception>
    public static PoseTable Read(string path)
    {
        using var source = Hdf5Source.Open(path, MaxBytes);
        return source.Read("/", () => Read(source));
    }

    private static PoseTable Read(Hdf5Source source)
    {
        IH5Object metadata = source.Find("metadata") ?? throw source.Error("metadata", "there is no such group; this is no SLEAP file");
        double format = source.Read("metadata", () => metadata.AttributeExists("format_id") ? metadata.Attribute("format_id").Read<double>() : 1);
        Vector2 shift = format < FirstFormatOfCentres ? new Vector2(-0.5f) : Vector2.Zero;
        using JsonDocument json = Parse(source, "metadata.json", source.Read("metadata.json", () => metadata.Attribute("json").Read<string>()));
        Skeleton skeleton = SleapMetadata.ReadSkeleton(new JsonPlace(json.RootElement, source.Path, "metadata.json"));
        SleapVideo[] videos = Parse(source, "videos_json", SleapVideo.Read);
        string[] tracks = Parse(source, "tracks_json", item => (item.Element.ValueKind == JsonValueKind.Array ? item.Items().LastOrDefault() : item.Required("name")).Text());

        SleapPoints user = SleapPoints.Read(source, "points", shift), predicted = SleapPoints.Read(source, "pred_points", shift);
        Instance[] instances = ReadInstances(source, skeleton, tracks.Length, user.Count, predicted.Count);
        var frames = new Hdf5Table(source, "frames");
        int[] video = frames.Indices("video", 0, Math.Max(videos.Length - 1, 0));
        int[] number = frames.Indices("frame_idx", 0, int.MaxValue);
        int[] start = frames.Indices("instance_id_start", 0, instances.Length);
        int[] end = frames.Indices("instance_id_end", 0, instances.Length);
        var rows = new List<PoseRow>();
        for (int frame = 0; frame < frames.Count; frame++)
        {
            if (start[frame] > end[frame] || end[frame] - start[frame] > instances.Length - rows.Count)
                throw source.Error($"frames[{frame}]", $"instances {start[frame]} to {end[frame]} overlap those of other frames");
            for (int i = start[frame]; i < end[frame]; i++)
            {
                if (IsSuperseded(instances, i, start[frame], end[frame]))
                    continue;
                SleapPoints points = instances[i].IsPredicted ? predicted : user;
                string item = instances[i].Track >= 0 ? tracks[instances[i].Track] : end[frame] - start[frame] > 1 ? $"instance {i - start[frame]}" : "";
                string where = $"{source.Path}: instances[{i}]";
                (string name, long numberInSource) = videos.Length > 0 ? videos[video[frame]].Place(number[frame], where) : ("", number[frame]);
                rows.Add(points.Row(instances[i].Start, skeleton.Count, name, numberInSource, item, where));
            }
        }
        return new PoseTable(source.Path, skeleton, rows);
    }

    private static Instance[] ReadInstances(Hdf5Source source, Skeleton skeleton, int tracks, int userPoints, int predictedPoints)
    {
        var table = new Hdf5Table(source, "instances");
        int[] type = table.Indices("instance_type", 0, Predicted), track = table.Indices("track", -1, tracks - 1), from = table.Indices("from_predicted", -1, int.MaxValue);
        int[] start = table.Indices("point_id_start", 0, int.MaxValue), end = table.Indices("point_id_end", 0, int.MaxValue);
        int[] frame = table.Indices("frame_id", 0, int.MaxValue), skeletons = table.Indices("skeleton", 0, int.MaxValue);
        for (int i = 0; i < table.Count; i++)
        {
            int points = type[i] == Predicted ? predictedPoints : userPoints;
            if (end[i] - start[i] != skeleton.Count || end[i] > points)
                throw source.Error($"instances[{i}]", $"has points {start[i]} to {end[i]} of {points}; expected {skeleton.Count} of them");
            if (skeletons[i] != skeletons[0])
                throw source.Error($"instances[{i}]", "is of another skeleton than the first");
        }
        return [.. Enumerable.Range(0, table.Count).Select(i => new Instance(frame[i], track[i], from[i], type[i] == Predicted, start[i], end[i]))];
    }

    // A prediction that a person corrected stays in the file beside the correction.
    private static bool IsSuperseded(Instance[] instances, int i, int start, int end)
    {
        if (!instances[i].IsPredicted)
            return false;
        for (int other = start; other < end; other++)
        {
            if (!instances[other].IsPredicted && (instances[other].FromPredicted == i || (instances[i].Track >= 0 && instances[other].Track == instances[i].Track)))
                return true;
        }
        return false;
    }

    private static T[] Parse<T>(Hdf5Source source, string dataset, Func<JsonPlace, T> read)
    {
        if (source.Find(dataset) is not IH5Dataset texts || source.CheckedCount(texts, dataset) == 0)
            return [];
        return [.. source.Texts(texts, dataset).Select((text, i) =>
        {
            using JsonDocument json = Parse(source, $"{dataset}[{i}]", text);
            return read(new JsonPlace(json.RootElement, source.Path, $"{dataset}[{i}]"));
        })];
    }

    private static JsonDocument Parse(Hdf5Source source, string where, string text)
    {
        try
        {
            return JsonDocument.Parse(text.TrimEnd('\0'));
        }
        catch (JsonException error)
        {
            throw source.Error(where, $"not well-formed JSON at byte {error.BytePositionInLine ?? 0}");
        }
    }
}
