using System.Text.RegularExpressions;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Manifests;

/// <summary>The YAML form of <see cref="DataManifest"/>.</summary>
internal static partial class DataManifestYaml
{
    internal static DataManifest Parse(YamlSection root, string path, IReadOnlyDictionary<string, string>? readerSettings)
    {
        string name = root.Required("name").AsString();
        string description = root.Required("description").AsString().Trim();
        string terms = root.Required("terms").AsString().Trim();
        string citation = root.Optional("citation")?.AsString().Trim() ?? "";
        string obtain = root.Required("obtain").AsString().Trim();
        string? dataRoot = root.Optional("root")?.AsString();
        IReadOnlyList<ManifestFile> files = root.Optional("files")?.AsListOf(file => ParseFile(file.AsSection())) ?? [];
        YamlSection readerSection = root.Required("reader").AsSection();
        foreach ((string key, string value) in readerSettings ?? new Dictionary<string, string>())
            readerSection.Override(key, value);
        YamlValue? splits = root.Optional("splits");
        DatasetReader? reader = root.Try(() => DatasetReaders.Parse(readerSection, splits));

        // A generated data set brings skeleton, protocol and prior with it; the manifest of any other must give them.
        bool generated = reader?.OwnSkeleton is not null;
        Skeleton? skeleton = reader?.OwnSkeleton ?? root.Try(() => SkeletonYaml.Resolve(root.Required("skeleton"), path));
        YamlSection? metrics = reader?.OwnProtocol is null ? root.Required("metrics").AsSection() : null;
        MetricProtocol? protocol = skeleton is null || metrics is null
            ? reader?.OwnProtocol
            : root.Try(() => ParseProtocol(metrics, skeleton));
        PriorSource? prior = generated ? null : root.Try(() => PriorSource.Parse(root.Required("prior").AsSection()));
        root.RejectUnknownKeys();
        if (reader is null || skeleton is null || protocol is null)
            throw root.Stop();
        return new DataManifest
        {
            Path = path,
            Name = name,
            Description = description,
            Terms = terms,
            Citation = citation,
            Obtain = obtain,
            Root = dataRoot is null ? null : Path.GetFullPath(dataRoot, Path.GetDirectoryName(
                Path.GetFullPath(path))!),
            Files = files,
            Reader = reader,
            Skeleton = skeleton,
            Protocol = protocol,
            Prior = prior,
        };
    }

    private static ManifestFile ParseFile(YamlSection section)
    {
        string path = section.Required("path").AsString();
        YamlValue? size = section.Optional("size");
        YamlValue? sha256 = section.Optional("sha256");
        YamlValue? count = section.Optional("count");
        YamlValue? minCount = section.Optional("min_count");
        YamlValue? pattern = section.Optional("pattern");
        section.RejectUnknownKeys();
        bool isFolder = count is not null || minCount is not null;
        if (isFolder && (size ?? sha256) is YamlValue fileOnly)
            fileOnly.Complain("a folder (with 'count') has neither 'size' nor 'sha256'");
        if (!isFolder)
            pattern?.Complain("'pattern' needs 'count', the number of files in a folder, or 'min_count'");
        if (count is not null)
            minCount?.Complain("'count' says the number already; leave one of them out");
        if (sha256 is not null && !Sha256Regex().IsMatch(sha256.AsString()))
            sha256.Complain("expected 64 lower-case hexadecimal digits");
        return new ManifestFile(path, size?.AsInt64(0), sha256?.AsString(), count?.AsInt32(0), pattern?.AsString()
            ?? "*", minCount?.AsInt32(1));
    }

    private static MetricProtocol ParseProtocol(YamlSection section, Skeleton skeleton)
    {
        string description = section.Required("description").AsString().Trim();
        bool meanOfGroups = section.Optional("mean_of_groups")?.AsBoolean() ?? false;
        (int, int)? normalizing = null;
        if (section.Optional("normalize_by") is YamlValue pair)
        {
            normalizing = section.Try(() => pair.AsPairOf(
                item => item.AsIndexIn(skeleton), "expected two different keypoints", (first, second) => first != second));
        }
        IReadOnlyList<int>? scored = section.Optional("score_only") is YamlValue list ? ParseScored(list, skeleton) : null;
        ImageUnit unit = section.Optional("unit") is YamlValue text ? ParseUnit(text) : ImageUnit.Size;
        section.RejectUnknownKeys();
        return new MetricProtocol(normalizing, description, meanOfGroups, scored, unit);
    }

    private static int[] ParseScored(YamlValue list, Skeleton skeleton)
    {
        int[] indices = [.. list.AsListOf(item => item.AsIndexIn(skeleton))];
        if (indices.Length == 0 || indices.Distinct().Count() != indices.Length)
            list.Complain("expected keypoints of the skeleton, each once");
        return indices;
    }

    private static ImageUnit ParseUnit(YamlValue text)
    {
        if (!text.IsOneOf(["size", "span"]))
        {
            text.Complain(
                "expected 'size' (100 % is the image's longer side) or 'span' (one pixel less: from the first pixel's centre to the last's)",
                ["size", "span"]);
        }
        return text.IsOneOf(["span"]) ? ImageUnit.Span : ImageUnit.Size;
    }

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256Regex();
}
