using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>
/// Reads SLEAP's <c>.slp</c> files (HDF5; <see href="https://io.sleap.ai/latest/formats/slp/"/>): the labels of every
/// frame, or the predictions where a person has not corrected them. A row's
/// source is the video, its item the track; of a package (<c>.pkg.slp</c>) the source is the video that its images
/// were taken from. Files of format 1.0 have (0,0) at the corner of the
/// first pixel and are moved by half a pixel.
/// </summary>
internal static class SleapReader
{
    private const long MaxBytes = 2L << 30;
    private const double FirstFormatOfCentres = 1.1;
    private const int Predicted = 1;
    private const int RowBytes = 200;

    private readonly record struct Instance(int Track, int FromPredicted, bool IsPredicted, int Start);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is damaged, has several skeletons, its parts do not fit together, or it would take its data from another
    /// file or more than 2 GiB of memory; the message names file and element.
    /// </exception>
    public static PoseTable Read(string path)
    {
        using var source = Hdf5Source.Open(path, MaxBytes);
        return Read(source);
    }

    internal static PoseTable Read(Hdf5Source source)
    {
        Hdf5Object metadata = source.Find("metadata") ?? throw source.Error("metadata", "there is no such group; this is no SLEAP file");
        double format = metadata.Attribute("format_id")?.Number() ?? 1;
        Vector2 shift = format < FirstFormatOfCentres ? new Vector2(-0.5f) : Vector2.Zero;
        using JsonDocument json = SleapJson.Parse(source, "metadata.json", metadata.Attribute("json")?.Text()
            ?? throw source.Error("metadata.json", "there is no such text; this is no SLEAP file"));
        Skeleton skeleton = SleapMetadata.ReadSkeleton(new JsonPlace(json.RootElement, source.Path, "metadata.json"));
        var videos = SleapVideos.Read(source);
        string[] tracks = SleapJson.ParseAll(source, "tracks_json", item => (item.Element.ValueKind == JsonValueKind.Array
            ? item.Items().LastOrDefault() is { File: not null } name ? name : throw item.Error("expected the name of a track")
            : item.Required("name")).Text());

        SleapPoints user = SleapPoints.Read(source, "points", shift), predicted = SleapPoints.Read(source, "pred_points", shift);
        Instance[] instances = ReadInstances(source, skeleton, tracks.Length, user.Count, predicted.Count);
        var frames = new Hdf5Table(source, "frames");
        int[] video = frames.Indices("video", 0, int.MaxValue);
        int[] number = frames.Indices("frame_idx", 0, int.MaxValue);
        int[] start = frames.Indices("instance_id_start", 0, instances.Length);
        int[] end = frames.Indices("instance_id_end", 0, instances.Length);
        var rows = new List<PoseRow>();
        int used = 0;
        for (int frame = 0; frame < frames.Count; frame++)
        {
            used += end[frame] - start[frame];
            if (start[frame] > end[frame] || used > instances.Length)
                throw source.Error($"frames[{frame}]", $"instances {start[frame]} to {end[frame]} overlap those of other frames");
            SleapVideo? shown = videos.Find(video[frame], $"frames[{frame}].video");
            HashSet<int> superseded = Superseded(instances, start[frame], end[frame]);
            for (int i = start[frame]; i < end[frame]; i++)
            {
                if (superseded.Contains(i))
                    continue;
                SleapPoints points = instances[i].IsPredicted ? predicted : user;
                string item = instances[i].Track >= 0 ? tracks[instances[i].Track] : "";
                string where = $"{source.Path}: instances[{i}]";
                source.Take(RowBytes + sizeof(char) * (long)where.Length, "instances");
                (string name, long numberInSource) = shown?.Place(number[frame], where) ?? ("", number[frame]);
                rows.Add(points.Row(instances[i].Start, skeleton.Count, name, numberInSource, item, where) with
                {
                    Package = shown?.Package,
                    Embedded = shown?.Package?.Image(number[frame]),
                });
            }
        }
        return new PoseTable(source.Path, skeleton, rows);
    }

    private static Instance[] ReadInstances(Hdf5Source source, Skeleton skeleton, int tracks, int userPoints, int predictedPoints)
    {
        var table = new Hdf5Table(source, "instances");
        int[] type = table.Indices("instance_type", 0, Predicted), track = table.Indices("track", -1, tracks - 1), from =
            table.Indices("from_predicted", -1, int.MaxValue);
        int[] start = table.Indices("point_id_start", 0, int.MaxValue), end = table.Indices("point_id_end", 0, int.MaxValue);
        int[] skeletons = table.Indices("skeleton", 0, int.MaxValue);
        (long usedUser, long usedPredicted) = (0, 0);
        for (int i = 0; i < table.Count; i++)
        {
            int points = type[i] == Predicted ? predictedPoints : userPoints;
            if (end[i] - start[i] != skeleton.Count || end[i] > points)
                throw source.Error($"instances[{i}]", $"has points {start[i]} to {end[i]} of {points}; expected {skeleton.Count} of them");
            if (skeletons[i] != skeletons[0])
                throw source.Error($"instances[{i}]", "is of another skeleton than the first");
            long used = type[i] == Predicted ? usedPredicted += skeleton.Count : usedUser += skeleton.Count;
            if (used > points)
                throw source.Error($"instances[{i}]", $"shares points {start[i]} to {end[i]} with another instance");
        }
        return [.. Enumerable.Range(0, table.Count).Select(i => new Instance(track[i], from[i], type[i] == Predicted, start[i]))];
    }

    // A prediction that a person corrected stays in the file beside the correction.
    private static HashSet<int> Superseded(Instance[] instances, int start, int end)
    {
        var superseded = new HashSet<int>();
        var tracks = new HashSet<int>();
        for (int i = start; i < end; i++)
        {
            if (!instances[i].IsPredicted)
            {
                superseded.Add(instances[i].FromPredicted);
                tracks.Add(instances[i].Track);
            }
        }
        tracks.Remove(-1);
        superseded.RemoveWhere(i => i < start || i >= end || !instances[i].IsPredicted);
        for (int i = start; i < end; i++)
        {
            if (instances[i].IsPredicted && tracks.Contains(instances[i].Track))
                superseded.Add(i);
        }
        return superseded;
    }
}
