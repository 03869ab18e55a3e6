using System.Numerics;
using KeypointMl.Data.Csv;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers;

/// <summary>
/// Reader <c>video-boxes</c>: subjects cut out of one video by the boxes of a tracker. <c>boxes</c> is a CSV file with
/// the columns <c>frame,track,x,y,width,height</c>; a split is a range of frames, both ends included, and optionally a
/// CSV file of labels with the columns <c>frame,track</c> and keypoints in pixels of the full frame, of which the rows
/// within the range are used. Each track is a clip. The crops are decoded when a split is opened and kept in memory,
/// unless <see cref="DatasetOptions.Streaming"/> is asked for.
/// </summary>
internal sealed class VideoBoxesReader : FileDatasetReader
{
    private sealed record Split(long First, long Last, string? Labels);

    private readonly string video;
    private readonly string boxes;
    private readonly float minScore;
    private readonly IReadOnlyDictionary<string, Split> splits;

    private VideoBoxesReader(string video, string boxes, float minScore, IReadOnlyDictionary<string, Split> splits)
    {
        this.video = video;
        this.boxes = boxes;
        this.minScore = minScore;
        this.splits = splits;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Splits => splits.Keys;

    /// <inheritdoc/>
    public override IEnumerable<string> LabelledSplits =>
        splits.Where(split => split.Value.Labels is not null).Select(split => split.Key);

    internal static VideoBoxesReader Parse(YamlSection section, YamlValue? splits)
    {
        string video = section.Required("video").AsString();
        string boxes = section.Required("boxes").AsString();
        float minScore = section.Optional("min_score")?.AsSingle() ?? float.NegativeInfinity;
        section.RejectUnknownKeys();
        return new VideoBoxesReader(video, boxes, minScore, SplitSettings.Parse(section, splits, ParseSplit));
    }

    /// <inheritdoc/>
    public override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options)
    {
        Split range = splits[split];
        return Decode(BoxesCsvReader.Read(Path.Combine(dataRoot, boxes), range.First, range.Last), dataRoot, options);
    }

    /// <inheritdoc/>
    public override LabelledFrames OpenLabelled(
        string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options)
    {
        Split settings = splits[split];
        IReadOnlyList<TrackedBox> tracked = BoxesCsvReader.Read(Path.Combine(dataRoot, boxes), settings.First, settings.Last);
        Dictionary<(long, string), Vector2[]> labels = ReadLabels(Path.Combine(dataRoot, settings.Labels!), settings, tracked, skeleton);
        TrackedBox[] labelled = [.. tracked.Where(box => labels.ContainsKey((box.Frame, box.Track)))];
        Vector2[][] poses =
        [
            .. labelled.Select(box =>
                Array.ConvertAll(labels[(box.Frame, box.Track)], point => box.Box.ToCrop(point, options.Width, options.Height))),
        ];
        return new LabelledFrames(skeleton, Decode(labelled, dataRoot, options), poses, protocol);
    }

    private static Split ParseSplit(YamlSection section)
    {
        YamlValue frames = section.Required("frames");
        long[] range = [.. frames.AsList().Select(number => number.AsInt64(0))];
        return range is [long first, long last] && first <= last
            ? new Split(first, last, section.Optional("labels")?.AsString())
            : throw frames.Error("expected [first, last], both included, first ≤ last");
    }

    private Dictionary<(long, string), Vector2[]> ReadLabels(string path, Split split, IReadOnlyList<TrackedBox> tracked, Skeleton skeleton)
    {
        HashSet<(long, string)> known = [.. tracked.Select(box => (box.Frame, box.Track))];
        using var table = new CsvTable(path);
        var columns = new PoseColumns(table, skeleton);
        (int frameColumn, int trackColumn) = (table.Column("frame"), table.Column("track"));
        var labels = new Dictionary<(long, string), Vector2[]>();
        while (table.Read())
        {
            (long Frame, string Track) key = (table.WholeNumber(frameColumn), table.Text(trackColumn));
            if (key.Frame < split.First || key.Frame > split.Last)
                continue;
            if (!known.Contains(key))
                throw table.Error($"frame {key.Frame}, track {key.Track} is labelled, but {boxes} has no box for it");
            if (!labels.TryAdd(key, columns.ReadLabels(minScore)))
                throw table.Error($"frame {key.Frame}, track {key.Track} is labelled twice");
        }
        return labels.Count > 0
            ? labels
            : throw new InvalidDataException($"{path} labels no frame from {split.First} to {split.Last}.");
    }

    private IFrameSet Decode(IReadOnlyList<TrackedBox> tracked, string dataRoot, DatasetOptions options)
    {
        FrameId[] ids = [.. tracked.Select(box => new FrameId(video, box.Frame, box.Track, box.Box))];
        IReadOnlyList<Clip> clips = ClipBuilder.Consecutive(tracked.Select(box => box.Track), name => $"{video}, track {name}");
        if (options.Streaming)
            return new VideoCropFrameSet(Path.Combine(dataRoot, video), tracked, ids, clips, options.Width, options.Height);
        long bytes = (long)tracked.Count * options.Width * options.Height * 3;
        if (bytes > options.MemoryBytes)
        {
            throw new InvalidDataException(
                $"{tracked.Count} crops of {video} at {options.Width}×{options.Height} take {bytes:N0} bytes; "
                + $"the limit is {options.MemoryBytes:N0}. Use a shorter range of frames, smaller frames, or raise the limit.");
        }
        FramePart[] parts = [.. tracked.Select(FramePart.Of)];
        byte[][] crops = VideoCropDecoder.Decode(Path.Combine(dataRoot, video), parts, options.Width, options.Height, options.Cancellation);
        return new MemoryFrameSet(options.Width, options.Height, crops, ids, clips);
    }
}
