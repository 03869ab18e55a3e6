using KeypointMl.Data.Frames;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Manifests;

/// <summary>
/// A data set's description (<c>data-manifests/*.yaml</c>): what it is, on what terms it may be used, how to obtain it,
/// which files it consists of, and how its unlabelled frames, unpaired prior poses and test labels are read from them.
/// </summary>
public sealed record DataManifest
{
    /// <summary>The manifest file.</summary>
    public required string Path { get; init; }

    /// <summary>A short name.</summary>
    public required string Name { get; init; }

    /// <summary>What it shows.</summary>
    public required string Description { get; init; }

    /// <summary>The terms of use.</summary>
    public required string Terms { get; init; }

    /// <summary>Whom to cite; may be empty.</summary>
    public required string Citation { get; init; }

    /// <summary>How to get the files, for people.</summary>
    public required string Obtain { get; init; }

    /// <summary>The files it needs, those that it lists; none for a generated data set.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>How it is read.</summary>
    public required DatasetReader Reader { get; init; }

    /// <summary>The keypoints of labels and prior.</summary>
    public required Skeleton Skeleton { get; init; }

    /// <summary>How errors are measured.</summary>
    public required MetricProtocol Protocol { get; init; }

    /// <summary>
    /// The folder that the paths start from where no data root is given, as a full path; null where the data root must be known.
    /// </summary>
    public string? Root { get; init; }

    /// <summary>The prior poses; null where the reader makes them.</summary>
    public required PriorSource? Prior { get; init; }

    /// <summary>Reads a manifest. No other file is touched.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="readerSettings">
    /// Values that replace those of the section <c>reader</c>, such as the puppets' <c>training_videos</c>; null for
    /// none.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is not a manifest: a key is missing, unknown or has a wrong value; the message names file and line.
    /// </exception>
    public static DataManifest Load(string path, IReadOnlyDictionary<string, string>? readerSettings = null) =>
        YamlSection.Load(path, root => DataManifestYaml.Parse(root, path, readerSettings));

    /// <summary>Opens the data set. Frames are read later, when the data set is asked for them.</summary>
    /// <exception cref="DirectoryNotFoundException">The data root is needed, and not given or not there.</exception>
    public IDataset Open(DatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Reader.Open(this, options with { DataRoot = RootOr(options.DataRoot) });
    }

    /// <summary>Compares the files with what the manifest says.</summary>
    /// <param name="dataRoot">The data root; null for the environment variable.</param>
    /// <param name="hash">Whether contents are compared too, which reads every file that has a known SHA-256.</param>
    /// <returns>One finding per file, in the manifest's order.</returns>
    /// <exception cref="DirectoryNotFoundException">The data root is needed, and not given or not there.</exception>
    public IReadOnlyList<FileFinding> Check(string? dataRoot, bool hash = true)
    {
        if (Files.Count == 0)
            return [];
        string root = DataRoot.Resolve(RootOr(dataRoot));
        return [.. Files.Select(file => ManifestFileChecker.Check(file, root, hash))];
    }

    /// <summary>Whether the reader makes it, from no file.</summary>
    internal bool IsGenerated => Reader.OwnSkeleton is not null;

    /// <summary>Whether it has frames to train on: a prior alone, and a test set, have none.</summary>
    internal bool HasTrainingSplit =>
        Reader is not FileDatasetReader { Splits: var splits } || splits.Contains(new DatasetOptions().TrainingSplit);

    /// <summary>What is asked for, else the manifest's own root; null where neither is there.</summary>
    internal string? RootOr(string? dataRoot) => string.IsNullOrEmpty(dataRoot) ? Root : dataRoot;

    /// <summary>Where the pictures are that its frames are cut out of; null where they are made, or the root is not known.</summary>
    internal string? SourceRoot(string? dataRoot) => Prior is null ? null : DataRoot.Find(RootOr(dataRoot));
}

/// <summary>A file, or a folder of files, that a data set needs.</summary>
/// <param name="Path">Relative to the data root, with forward slashes.</param>
/// <param name="Size">Its size in bytes, or null where it is not known. Not for folders.</param>
/// <param name="Sha256">The SHA-256 of its content in lower-case hexadecimal, or null where it is not known. Not for folders.</param>
/// <param name="Count">For a folder: how many files it holds, at any depth, that match <paramref name="Pattern"/>. Null for a file.</param>
/// <param name="Pattern">For a folder: which of its files count, such as <c>*.jpg</c>.</param>
/// <param name="MinCount">
/// For a folder whose exact number of files is not known: how many it holds at least. Null for a file, or where
/// <paramref name="Count"/> says it.
/// </param>
public sealed record ManifestFile(string Path, long? Size, string? Sha256, int? Count, string Pattern = "*", int? MinCount = null);
