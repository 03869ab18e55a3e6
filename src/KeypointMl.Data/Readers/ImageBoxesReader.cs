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
/// Reader <c>image-boxes</c>: subjects cut out of images by boxes. <c>boxes</c> is a CSV file with the columns
/// <c>source,frame,track,x,y,width,height</c>, as <c>score</c> takes it: a source is an image below the split's
/// <c>folder</c>, and frame is 0. A track of a folder of images is a clip, in natural order of the images' names; with
/// <c>clips: false</c> every box is one. Optionally a split has <c>labels</c>, a CSV file with the columns
/// <c>source,track</c> and keypoints in pixels of the whole image.
/// </summary>
internal sealed class ImageBoxesReader : SplitReader<FolderSplit>
{
    private readonly string boxes;
    private readonly bool tracksAreClips;
    private readonly float minScore;

    private ImageBoxesReader(string boxes, bool tracksAreClips, float minScore, IReadOnlyDictionary<string, FolderSplit> splits)
        : base(splits)
    {
        this.boxes = boxes;
        this.tracksAreClips = tracksAreClips;
        this.minScore = minScore;
    }

    internal static ImageBoxesReader Parse(YamlSection section, YamlValue? splits)
    {
        string boxes = section.Required("boxes").AsString();
        bool tracksAreClips = section.Optional("clips")?.AsBoolean() ?? true;
        float minScore = section.Optional("min_score")?.AsSingle() ?? float.NegativeInfinity;
        section.RejectUnknownKeys();
        return new ImageBoxesReader(boxes, tracksAreClips, minScore, FolderSplit.Parse(section, splits));
    }

    private protected override bool HasLabels(FolderSplit split) => split.Labels is not null;

    /// <inheritdoc/>
    public override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options) =>
        Open(Settings(split).Folder, ReadBoxes(dataRoot), dataRoot, options);

    /// <inheritdoc/>
    public override LabelledFrames OpenLabelled(
        string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options)
    {
        TrackedBox[] all = ReadBoxes(dataRoot);
        Dictionary<(string, string), Vector2[]> labels = ReadLabels(Path.Combine(dataRoot, Settings(split).Labels!), skeleton, all);
        TrackedBox[] labelled = [.. all.Where(box => labels.ContainsKey(KeyOf(box)))];
        return ImageLabelsReader.Attach(
            Open(Settings(split).Folder, labelled, dataRoot, options), [.. labelled.Select(box => labels[KeyOf(box)])], skeleton, protocol);
    }

    private static (string Image, string Track) KeyOf(TrackedBox box) => (box.Source!, box.Track);

    private TrackedBox[] ReadBoxes(string dataRoot)
    {
        IReadOnlyList<TrackedBox> all = BoxesCsvReader.Read(Path.Combine(dataRoot, boxes));
        if (all[0].Source is null)
            throw new InvalidDataException($"{boxes} lacks the column 'source', which says in which image a box is.");
        if (all.FirstOrDefault(box => box.Frame != 0) is { Frame: not 0 } late)
            throw new InvalidDataException($"{late.Where}: the frame is {late.Frame}; that of an image is 0.");
        return
        [
            .. all.OrderBy(box => Path.GetDirectoryName(box.Source!)!, NaturalOrder.Comparer)
                .ThenBy(box => tracksAreClips ? box.Track : "", NaturalOrder.Comparer)
                .ThenBy(box => box.Source!, NaturalOrder.Comparer),
        ];
    }

    private Dictionary<(string, string), Vector2[]> ReadLabels(string path, Skeleton skeleton, TrackedBox[] all)
    {
        HashSet<(string, string)> known = [.. all.Select(KeyOf)];
        using var table = new CsvTable(path);
        var columns = new PoseColumns(table, skeleton);
        (int source, int track) = (table.Column("source"), table.Column("track"));
        var labels = new Dictionary<(string, string), Vector2[]>();
        while (table.Read())
        {
            (string Image, string Track) key = (table.Text(source), table.Text(track));
            if (!known.Contains(key))
                throw table.Error($"track {key.Track} of {key.Image} is labelled, but {boxes} has no box for it");
            if (!labels.TryAdd(key, columns.ReadLabels(minScore)))
                throw table.Error($"track {key.Track} of {key.Image} is labelled twice");
        }
        return labels.Count > 0 ? labels : throw new InvalidDataException($"{path} labels no box.");
    }

    private ImageFrameSet Open(string folder, TrackedBox[] shown, string dataRoot, DatasetOptions options)
    {
        ImageFile[] files = [.. shown.Select(box => FileOf(box, folder, dataRoot))];
        IEnumerable<string> clips =
            shown.Select(box => $"{(tracksAreClips ? Path.GetDirectoryName(box.Source!) : box.Source)}, track {box.Track}");
        return new ImageFrameSet(files, ClipBuilder.Consecutive(clips), options.Width, options.Height, options.MemoryBytes);
    }

    private static ImageFile FileOf(TrackedBox box, string folder, string dataRoot)
    {
        string path = Path.Combine(dataRoot, folder, box.Source!);
        return File.Exists(path)
            ? new ImageFile(path, folder == "." ? box.Source! : $"{folder}/{box.Source}", box.Box) { Item = box.Track }
            : throw new FileNotFoundException($"{box.Where}: there is no image {PrintableText.Of(path)}.", path);
    }
}
