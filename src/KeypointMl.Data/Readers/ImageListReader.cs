using System.Numerics;
using KeypointMl.Data.Csv;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers;

/// <summary>
/// Reader <c>image-list</c>: images named by CSV files. Each split has a <c>list</c> with the columns <c>frame</c> (a
/// file under the folder <c>images</c>), optionally a column that says which clip a frame belongs to
/// (<c>clip_column</c>; without it, and where it is empty, an image is one) and one that says which group
/// (<c>group_column</c>); and optionally <c>labels</c>, a CSV file with the column <c>frame</c> and keypoints in pixels of
/// the image. A split's frames are those of the list, clip by clip in order of first appearance.
/// </summary>
internal sealed class ImageListReader : SplitReader<ImageListReader.Split>
{
    internal sealed record Split(string List, string? Labels);

    private readonly record struct Row(string Frame, string Clip, string Group);

    private readonly string images;
    private readonly string? clipColumn;
    private readonly string? groupColumn;
    private readonly float minScore;

    private ImageListReader(
        string images, string? clipColumn, string? groupColumn, float minScore, IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.images = images;
        this.clipColumn = clipColumn;
        this.groupColumn = groupColumn;
        this.minScore = minScore;
    }

    internal static ImageListReader Parse(YamlSection section, YamlValue? splits)
    {
        string images = section.Required("images").AsString();
        string? clipColumn = section.Optional("clip_column")?.AsString();
        string? groupColumn = section.Optional("group_column")?.AsString();
        float minScore = section.Optional("min_score")?.AsSingle() ?? float.NegativeInfinity;
        section.RejectUnknownKeys();
        return new ImageListReader(images, clipColumn, groupColumn, minScore,
            SplitSettings.Parse(
                section, splits, split => new Split(split.Required("list").AsString(), split.Optional("labels")?.AsString())));
    }

    private protected override bool HasLabels(Split split) => split.Labels is not null;

    /// <inheritdoc/>
    public override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options) =>
        Open(ReadList(Settings(split), dataRoot), dataRoot, options);

    /// <inheritdoc/>
    public override LabelledFrames OpenLabelled(
        string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options)
    {
        Row[] rows = ReadList(Settings(split), dataRoot);
        string labelsPath = Path.Combine(dataRoot, Settings(split).Labels!);
        Dictionary<string, Vector2[]> labels =
            ImageLabelsReader.Read(labelsPath, skeleton, minScore, rows.Select(row => row.Frame).ToHashSet());
        Row[] labelled = [.. rows.Where(row => labels.ContainsKey(row.Frame))];
        return ImageLabelsReader.Attach(
            Open(labelled, dataRoot, options), [.. labelled.Select(row => labels[row.Frame])], skeleton, protocol);
    }

    private ImageFrameSet Open(Row[] rows, string dataRoot, DatasetOptions options)
    {
        string folder = Path.Combine(dataRoot, images);
        ImageFile[] files = [.. rows.Select(row => new ImageFile(Path.Combine(folder, row.Frame), $"{images}/{row.Frame}"))];
        return new ImageFrameSet(files, ClipBuilder.Consecutive(rows.Select(row => (row.Clip, row.Group))),
            options.Width, options.Height, options.MemoryBytes);
    }

    private Row[] ReadList(Split split, string dataRoot)
    {
        using var table = new CsvTable(Path.Combine(dataRoot, split.List));
        int frame = table.Column("frame");
        int clip = clipColumn is null ? frame : table.Column(clipColumn);
        int? group = groupColumn is null ? null : table.Column(groupColumn);
        var rows = new List<Row>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (table.Read())
        {
            string name = table.Text(frame);
            if (name.Length == 0 || !seen.Add(name))
                throw table.Error($"frame '{name}' is empty or stands twice");
            // A clip is never nameless: errors without a clip's name count as independent ones.
            string ofClip = table.Text(clip) is { Length: > 0 } named ? named : name;
            rows.Add(new Row(name, ofClip, group is int column ? table.Text(column) : ""));
        }
        return rows.Count > 0
            ? [.. rows.GroupBy(row => (row.Clip, row.Group)).SelectMany(rowsOfClip => rowsOfClip)]
            : throw new InvalidDataException($"{table.Path} lists no frame.");
    }
}
