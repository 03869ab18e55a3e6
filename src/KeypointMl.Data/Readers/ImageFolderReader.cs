using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Folders;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers;

/// <summary>
/// Reader <c>image-folder</c>: a split is a <c>folder</c> of images (JPEG, PNG, WebP, BMP, GIF, at any depth); the
/// images of one sub-folder, in natural order of their names, are a clip. Optionally <c>labels</c>, a CSV file with the
/// column <c>frame</c> (the image relative to the folder) and keypoints in pixels of the image. With <c>clips:
/// false</c> every image is a clip.
/// </summary>
internal sealed class ImageFolderReader : SplitReader<FolderSplit>
{
    private readonly bool foldersAreClips;
    private readonly float minScore;

    private ImageFolderReader(bool foldersAreClips, float minScore, IReadOnlyDictionary<string, FolderSplit> splits)
        : base(splits)
    {
        this.foldersAreClips = foldersAreClips;
        this.minScore = minScore;
    }

    internal static ImageFolderReader Parse(YamlSection section, YamlValue? splits)
    {
        bool foldersAreClips = section.Optional("clips")?.AsBoolean() ?? true;
        float minScore = section.Optional("min_score")?.AsSingle() ?? float.NegativeInfinity;
        section.RejectUnknownKeys();
        return new ImageFolderReader(foldersAreClips, minScore, FolderSplit.Parse(section, splits));
    }

    private protected override bool HasLabels(FolderSplit split) => split.Labels is not null;

    /// <inheritdoc/>
    public override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options)
    {
        string folder = Settings(split).Folder;
        return Open(folder, List(Path.Combine(dataRoot, folder), options), dataRoot, options);
    }

    /// <inheritdoc/>
    public override LabelledFrames OpenLabelled(
        string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options)
    {
        FolderSplit settings = Settings(split);
        IReadOnlyList<string> images = List(Path.Combine(dataRoot, settings.Folder), options);
        Dictionary<string, Vector2[]> labels =
            ImageLabelsReader.Read(Path.Combine(dataRoot, settings.Labels!), skeleton, minScore, images.ToHashSet());
        string[] labelled = [.. images.Where(labels.ContainsKey)];
        return ImageLabelsReader.Attach(
            Open(settings.Folder, labelled, dataRoot, options), [.. labelled.Select(image => labels[image])], skeleton, protocol);
    }

    private static IReadOnlyList<string> List(string folder, DatasetOptions options)
    {
        LeftOutFiles leftOut = new();
        IReadOnlyList<string> images = ImageFolder.List(folder, leftOut);
        if (leftOut.Describe(folder) is { } text)
            options.Note?.Invoke(text);
        return images;
    }

    private ImageFrameSet Open(string folder, IReadOnlyList<string> images, string dataRoot, DatasetOptions options)
    {
        ImageFile[] files = [.. images.Select(image => new ImageFile(Path.Combine(dataRoot, folder, image), $"{folder}/{image}"))];
        IEnumerable<string> clips = images.Select(image => foldersAreClips ? ClipBuilder.FolderOf(image) : image);
        return new ImageFrameSet(files, ClipBuilder.Consecutive(clips), options.Width, options.Height, options.MemoryBytes);
    }
}
