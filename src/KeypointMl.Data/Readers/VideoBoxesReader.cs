using System.Numerics;
using KeypointMl.Data.Csv;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers;

/// <summary>
/// Reader <c>video-boxes</c>: subjects cut out of videos by the boxes of a tracker. <c>boxes</c> is a CSV file with the
/// columns <c>frame,track,x,y,width,height</c> of the file <c>video</c>; or of several, with the column <c>source</c>,
/// whose names start from the folder <c>videos</c>. A split may have <c>frames</c>, a range, both ends included,
/// <c>videos</c>, a list of sources, <c>step</c>, to take every so many frames, and <c>labels</c>, a CSV file with the
/// columns <c>frame,track</c> (and <c>source</c>) and keypoints in pixels of the full frame, of which the rows within the
/// split are used. Each track of a video is a clip. The crops are decoded when a split is opened and kept in memory,
/// unless <see cref="DatasetOptions.Streaming"/> is asked for.
/// </summary>
internal sealed class VideoBoxesReader : SplitReader<VideoBoxesReader.Split>
{
    internal sealed record Split(long First, long Last, int Step, IReadOnlyList<string>? Videos, string? Labels)
    {
        public bool Takes(long frame, string? source) => frame >= First && frame <= Last && (frame - First) % Step == 0
            && (Videos is null || (source is not null && Videos.Contains(source)));
    }

    private readonly record struct Key(string? Source, long Frame, string Track)
    {
        public override string ToString() => $"{(Source is null ? "" : $"{Source}, ")}frame {Frame}, track {Track}";
    }

    private readonly string? video;
    private readonly string? folder;
    private readonly string boxes;
    private readonly float minScore;

    private VideoBoxesReader(string? video, string? folder, string boxes, float minScore, IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.video = video;
        this.folder = folder;
        this.boxes = boxes;
        this.minScore = minScore;
    }

    internal static VideoBoxesReader Parse(YamlSection section, YamlValue? splits)
    {
        YamlValue? folder = section.Optional("videos");
        string? video = folder is null ? section.Required("video").AsString() : null;
        if (folder is not null)
            section.Optional("video")?.Complain("'videos' names the folder already; leave one of them out");
        string boxes = section.Required("boxes").AsString();
        float minScore = section.Optional("min_score")?.AsSingle() ?? float.NegativeInfinity;
        section.RejectUnknownKeys();
        return new VideoBoxesReader(
            video, folder?.AsString(), boxes, minScore, SplitSettings.Parse(section, splits, split => ParseSplit(split, video is null)));
    }

    private protected override bool HasLabels(Split split) => split.Labels is not null;

    /// <inheritdoc/>
    public override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options) =>
        Decode(ReadBoxes(split, dataRoot), dataRoot, options);

    /// <inheritdoc/>
    public override LabelledFrames OpenLabelled(
        string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options)
    {
        Split settings = Settings(split);
        IReadOnlyList<TrackedBox> tracked = ReadBoxes(split, dataRoot);
        Dictionary<Key, Vector2[]> labels = ReadLabels(Path.Combine(dataRoot, settings.Labels!), settings, tracked, skeleton);
        TrackedBox[] labelled = [.. tracked.Where(box => labels.ContainsKey(KeyOf(box)))];
        Vector2[][] poses =
        [
            .. labelled.Select(box =>
                Array.ConvertAll(labels[KeyOf(box)], point => box.Box.ToCrop(point, options.Width, options.Height))),
        ];
        return new LabelledFrames(skeleton, Decode(labelled, dataRoot, options), poses, protocol);
    }

    private static Split ParseSplit(YamlSection section, bool hasSources)
    {
        YamlValue? videos = hasSources ? section.Optional("videos") : null;
        (long first, long last) = section.ParseFrames();
        return new Split(
            first, last, section.Optional("step")?.AsInt32(1) ?? 1, videos?.AsStrings(), section.Optional("labels")?.AsString());
    }

    private static Key KeyOf(TrackedBox box) => new(box.Source, box.Frame, box.Track);

    private IReadOnlyList<TrackedBox> ReadBoxes(string split, string dataRoot)
    {
        Split settings = Settings(split);
        string path = Path.Combine(dataRoot, boxes);
        IReadOnlyList<TrackedBox> all = BoxesCsvReader.Read(path, settings.First, settings.Last);
        if (all[0].Source is null != folder is null)
        {
            throw new InvalidDataException(folder is null
                ? $"{path} has the column 'source': its boxes are of several videos. Name their folder in the reader ('videos:')."
                : $"{path} lacks the column 'source', which says in which of the videos of {folder} a box is.");
        }
        TrackedBox[] chosen = [.. all.Where(box => settings.Takes(box.Frame, box.Source))];
        if (chosen.Length == 0)
        {
            throw new InvalidDataException(
                $"{path} has no box in split '{split}'"
                + $"{(settings.Videos is null ? "" : $"; it asks for the videos {string.Join(", ", settings.Videos)}")}.");
        }
        HashSet<string?> known = [.. all.Select(box => box.Source)];
        return settings.Videos?.FirstOrDefault(name => !known.Contains(name)) is not string missing
            ? chosen
            : throw new InvalidDataException($"{path} has no box of the video {PrintableText.Of(missing)} that split '{split}' asks for"
                + $"{(settings.Last == long.MaxValue ? "" : $", in frames {settings.First} to {settings.Last}")}; "
                + $"it has some of {string.Join(", ", known.Take(20).Select(name => PrintableText.Of(name!)))}.");
    }

    private Dictionary<Key, Vector2[]> ReadLabels(string path, Split split, IReadOnlyList<TrackedBox> tracked, Skeleton skeleton)
    {
        HashSet<Key> known = [.. tracked.Select(KeyOf)];
        using var table = new CsvTable(path);
        var columns = new PoseColumns(table, skeleton);
        (int frameColumn, int trackColumn) = (table.Column("frame"), table.Column("track"));
        int? sourceColumn = folder is null ? null : table.Column("source");
        var labels = new Dictionary<Key, Vector2[]>();
        while (table.Read())
        {
            string? source = sourceColumn is int column ? table.Text(column) : null;
            var key = new Key(source, table.WholeNumber(frameColumn), table.Text(trackColumn));
            if (!split.Takes(key.Frame, key.Source))
                continue;
            if (!known.Contains(key))
                throw table.Error($"{key} is labelled, but {boxes} has no box for it");
            if (!labels.TryAdd(key, columns.ReadLabels(minScore)))
                throw table.Error($"{key} is labelled twice");
        }
        return labels.Count > 0
            ? labels
            : throw new InvalidDataException(split.Last == long.MaxValue
                ? $"{path} labels no frame of the split."
                : $"{path} labels no frame from {split.First} to {split.Last}.");
    }

    private string NameOf(TrackedBox box) => video ?? (folder is "." ? box.Source! : $"{folder}/{box.Source}");

    private IFrameSet Decode(IReadOnlyList<TrackedBox> tracked, string dataRoot, DatasetOptions options)
    {
        FrameId[] ids = [.. tracked.Select(box => new FrameId(NameOf(box), box.Frame, box.Track, box.Box))];
        IReadOnlyList<Clip> clips = ClipBuilder.Consecutive(tracked.Select(box => $"{NameOf(box)}, track {box.Track}"));
        string[] paths = [.. ids.Select(id => Path.Combine(dataRoot, id.Source))];
        if (options.Streaming)
            return new VideoCropFrameSet(paths, tracked, ids, clips, options.Width, options.Height);
        long bytes = (long)tracked.Count * options.Width * options.Height * 3;
        if (bytes > options.MemoryBytes)
        {
            throw new InvalidDataException(
                $"{tracked.Count} crops of {video ?? folder} at {options.Width}×{options.Height} take {bytes:N0} bytes; "
                + $"the limit is {options.MemoryBytes:N0}. Use a shorter range of frames, a larger step, smaller frames, or raise "
                + "the limit.");
        }
        var crops = new byte[tracked.Count][];
        var videos = new FramePicker();
        foreach (IGrouping<string, int> one in Enumerable.Range(0, crops.Length).GroupBy(i => paths[i], StringComparer.Ordinal))
        {
            int[] indices = [.. one];
            FramePart[] parts = [.. indices.Select(i => FramePart.Of(tracked[i]))];
            byte[][] decoded = VideoCropDecoder.Decode(videos, one.Key, parts, options.Width, options.Height, options.Cancellation);
            for (int k = 0; k < indices.Length; k++)
                crops[indices[k]] = decoded[k];
        }
        return new MemoryFrameSet(options.Width, options.Height, crops, ids, clips);
    }
}
