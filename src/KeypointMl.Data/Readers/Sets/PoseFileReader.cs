using System.Numerics;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>
/// Reader <c>pose-file</c>: frames and labels as a labelling or tracking tool stores them, in any file that <see
/// cref="PoseFile"/> reads (SLEAP, DeepLabCut, COCO, CSV). <c>root</c> is the folder that the file's names of images
/// and videos start from. A split has <c>poses</c> (the file), optionally <c>category</c> (of a COCO file: its name or
/// id), <c>frames: [first, last]</c> of videos, <c>video</c> (where the file does not name it, or has another name for
/// its only one; of several it takes that one), <c>half</c> of the clips, <c>step</c> (every so many frames of a clip,
/// or images), and for CSV without a header line (an image, then x and y of each) the names <c>keypoints</c>. A track
/// of a video is a clip; an image is one, or with <c>clips: folders</c> all images of a folder are, track by track.
/// Where a frame has several subjects that no track tells apart, each is a clip of one frame. The subject is cut out by
/// its box, or around those of its points that the manifest's skeleton names (<c>crop</c>); with <c>whole_images:
/// true</c> it is not. Points with a score below <c>min_score</c> are missing, but the crop is around them too. A row
/// without any of those points is left out. <c>category</c> may also stand once, for all splits.
/// </summary>
internal sealed class PoseFileReader : SampleReader<PoseFileReader.Split>
{
    internal sealed record Split(
        string Poses,
        IReadOnlyList<string>? Keypoints,
        string? Category,
        long First,
        long Last,
        string? Video,
        SequenceHalf Half,
        int Step);

    private readonly string root;
    private readonly CropSettings? crop;
    private readonly bool foldersAreClips;
    private readonly float minScore;
    private readonly KeypointMapping mapping;

    private PoseFileReader(
        string root,
        CropSettings? crop,
        bool foldersAreClips,
        float minScore,
        KeypointMapping mapping,
        IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.root = root;
        this.crop = crop;
        this.foldersAreClips = foldersAreClips;
        this.minScore = minScore;
        this.mapping = mapping;
    }

    internal static PoseFileReader Parse(YamlSection section, YamlValue? splits)
    {
        string root = section.Required("root").AsString();
        bool whole = section.Optional("whole_images")?.AsBoolean() ?? false;
        CropSettings? crop = whole ? null : CropSettings.Parse(section, margin: 0.2f);
        bool foldersAreClips = section.Optional("clips")?.AsOneOf("images", "folders") == "folders";
        float minScore = section.Optional("min_score")?.AsSingle() ?? float.NegativeInfinity;
        string? category = section.Optional("category")?.AsString();
        var mapping = KeypointMapping.Parse(section);
        section.RejectUnknownKeys();
        return new PoseFileReader(root, crop, foldersAreClips, minScore, mapping,
            SplitSettings.Parse(section, splits, split => ParseSplit(split, category)));
    }

    private static Split ParseSplit(YamlSection split, string? category)
    {
        (long first, long last) = split.ParseFrames();
        YamlValue? keypoints = split.Optional("keypoints");
        IReadOnlyList<string>? names = keypoints?.AsStrings();
        if (names is not null && (names.Count == 0 || names.Any(string.IsNullOrWhiteSpace) || names.Distinct().Count() < names.Count))
            keypoints!.Complain("expected the names of keypoints, each once");
        return new Split(
            split.Required("poses").AsString(), names, split.Optional("category")?.AsString()
            ?? category,
            first, last, split.Optional("video")?.AsString(), split.ParseHalf(), split.Optional("step")?.AsInt32(1) ?? 1);
    }

    private protected override IEnumerable<Sample> ListSplit(string split, string dataRoot, bool withLabels, DatasetOptions options)
    {
        Split settings = Settings(split);
        string path = Path.Combine(dataRoot, settings.Poses);
        PoseTable table = settings.Keypoints is null
            ? PoseFile.Read(path, settings.Category)
            : HeaderlessCsvPoses.Read(path, settings.Keypoints);
        string folder = Path.Combine(dataRoot, root);
        if (settings.Video is string video)
            table = OfVideo(table, video, folder);
        table.RequireFrames();
        var names = new KeypointNames(table.Skeleton.Keypoints, mapping);
        int[] named = names.NamedBy(options.Skeleton);
        PoseRow[] rows = [.. table.Rows.Where(row => row.Frame >= settings.First && row.Frame <= settings.Last)];
        Func<string, string> found = FilesOf(table with { Rows = [.. rows.Where(row => row.Embedded is null)] }, folder);
        Sample[] samples = [.. rows.Select(row => Make(row, names, named, found, dataRoot)).OfType<Sample>()];
        // Of several subjects of a frame that nothing tells apart, nobody knows which of them another frame shows.
        HashSet<(string, string, long)> mixed = [.. samples.CountBy(KeyOf).Where(frame => frame.Value > 1).Select(frame => frame.Key)];
        IGrouping<string, Sample>[] clips =
        [
            .. samples.Select(sample => mixed.Contains(KeyOf(sample)) ? sample with { IsAlone = true } : sample)
                .GroupBy(sample => sample.Clip, StringComparer.Ordinal),
        ];
        Sample[] chosen = [.. settings.Half.Of<IGrouping<string, Sample>>(clips).ToArray().SelectMany(clip => clip.OrderBy(NumberOf))];
        return settings.Step == 1 ? chosen : EveryNth(chosen, settings.Step);

        static (string, string, long) KeyOf(Sample sample) => (sample.Clip, sample.Name, NumberOf(sample));
    }

    // Of the frames of a clip; where each image is a clip, of the images.
    private IEnumerable<Sample> EveryNth(IEnumerable<Sample> samples, int step) => samples
        .GroupBy(sample => !foldersAreClips && ImageFolder.IsImage(sample.Name) ? "" : sample.Clip, StringComparer.Ordinal)
        .SelectMany(run => run.GroupBy(sample => (sample.Name, NumberOf(sample))).Where((_, i) => i % step == 0))
        .SelectMany(frame => frame);

    private static long NumberOf(Sample sample) => sample.Frame ?? sample.Embedded?.Frame ?? 0;

    // The rows of a video, in place of what a package has of it.
    private static PoseTable OfVideo(PoseTable table, string video, string folder)
    {
        if (table.Rows.FirstOrDefault(row => ImageFolder.IsImage(row.Source)) is PoseRow image)
        {
            throw new InvalidDataException($"{image.Where}: {image.Source} is an image; the split's key 'video' is for frames of a video. "
                + "Leave it out, and the images are read.");
        }
        string[] sources = [.. table.Rows.Select(row => row.Source).Distinct()];
        var files = LabelledFiles.Of(table, [(Path.Combine(folder, video), video)]);
        PoseRow[] own = [.. table.Rows.Where(row => sources.Length == 1 || files.Find(row.Source) is not null)];
        return own.Length > 0
            ? table with { Rows = [.. own.Select(row => row with { Source = video, Package = null, Embedded = null })] }
            : throw new InvalidDataException($"{table.Path}: none of its {sources.Length} videos ({string.Join(", ", sources.Take(3))}) "
                + $"is {video}, which the split's key 'video' names.");
    }

    // Full paths of another machine are looked for by their ends.
    private static Func<string, string> FilesOf(PoseTable table, string folder)
    {
        HashSet<string> missing = [.. table.Rows.Select(row => row.Source).Distinct()
            .Where(source => IsFullPath(source) && !File.Exists(Path.Combine(folder, source)))];
        if (missing.Count == 0 || !Directory.Exists(folder))
            return source => source;
        HashSet<string> wanted = [.. missing.Select(source => source[(source.LastIndexOfAny(['/', '\\']) + 1)..])];
        var files = LabelledFiles.Of(table, FolderTree.Walk(folder)
            .SelectMany(below => below.Names.Where(wanted.Contains).Select(name => below.Prefix + name))
            .Select(name => (Path.Combine(folder, name), name)));
        Dictionary<string, string> found = missing.ToDictionary(source => source, source => files.Find(source) ?? source);
        return source => found.GetValueOrDefault(source, source);
    }

    // Of whatever system.
    private static bool IsFullPath(string source) => source is ['/' or '\\', ..] or [_, ':', '/' or '\\', ..];

    // A row without a point cannot be cut out, nor does it label anything.
    private Sample? Make(PoseRow row, KeypointNames names, int[] named, Func<string, string> found, string dataRoot)
    {
        Vector2[] points = [.. named.Select(k => row.Points[k]).Where(point => float.IsFinite(point.X) && float.IsFinite(point.Y))];
        if (points.Length == 0)
            return null;
        if (row.Source.Length == 0)
        {
            throw new InvalidDataException(
                $"{row.Where}: the file does not say which image or video this is; give the split the key 'video'.");
        }
        if (row.Embedded is null && row.Package is not null)
        {
            throw new InvalidDataException($"{row.Where}: frame {row.Frame} of {row.Source} is not among the images in the "
                + $"package; name the video in the split ('video:'), or leave the frame out ('frames:').");
        }
        if (row.Embedded is null && row.Source.EndsWith(".slp", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"{row.Where}: its frames are images in another package, {row.Source}. Save labels and images "
                + "in one package, or name the video that they were taken from in the split ('video:').");
        }
        string source = row.Embedded is null ? found(row.Source) : row.Source;
        bool isImage = row.Embedded is not null || ImageFolder.IsImage(source);
        Box? box = crop is null ? null : row.Box is Box own ? crop.Around(own) : crop.Around(points);
        if (crop is not null && box is null)
            return null;
        string name = root.Length == 0 || root == "." ? source : $"{root}/{source}";
        if (box is Box cut && !ImageCropper.CanCrop(cut))
        {
            throw new InvalidDataException(
                $"{row.Where}: the crop ({cut.X}, {cut.Y}, {cut.Width}×{cut.Height}) around its {(row.Box is null ? "points" : "box")} "
                + $"has a number beyond {ImageCropper.MaxBoxSide:N0}; expected pixels of the video or image.");
        }
        bool isFrame = !ImageFolder.IsImage(source);
        string clip = !isFrame && foldersAreClips ? ClipBuilder.FolderOf(name) : name;
        if (row.Item.Length > 0)
            clip += isFrame ? $", track {row.Item}" : $", {row.Item}";
        return new Sample(Path.Combine(dataRoot, name), name, clip, skeleton => names.Pick(PoseTable.Labels(row, minScore), skeleton))
        {
            Frame = isImage ? null : row.Frame,
            Embedded = row.Embedded,
            Item = row.Item,
            Box = box,
            Where = row.Where,
        };
    }
}
