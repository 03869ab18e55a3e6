using System.Collections.Immutable;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Manifests;

/// <summary>
/// Reads a skeleton from YAML: <c>name</c>, <c>keypoints</c>, <c>edges</c> (pairs of names; an end may be a list of
/// names, whose mean it is), <c>paths</c> (lists of names, each joined to the next), <c>symmetric</c> (left/right
/// pairs) and <c>groups</c>.
/// </summary>
public static class SkeletonYaml
{
    /// <summary>
    /// Reads a manifest's skeleton: a section, or the name of a file <c>skeletons/&lt;name&gt;.yaml</c> in the
    /// manifest's folder, so that data sets that share a skeleton share one file.
    /// </summary>
    /// <exception cref="InvalidDataException">There is no such file, or see <see cref="Parse"/>.</exception>
    internal static Skeleton Resolve(YamlValue value, string manifest) =>
        Resolve(value, name => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifest))!, "skeletons", name + ".yaml"));

    /// <summary>
    /// As <see cref="Resolve(YamlValue, string)"/>, for a file in a folder of <c>pipelines</c>: the skeletons are those
    /// of <c>data-manifests</c> beside <c>pipelines</c>, in the current folder, or beside the executable.
    /// </summary>
    internal static Skeleton ResolveForPipeline(YamlValue value, string pipeline) => Resolve(value, name =>
    {
        string shared = $"data-manifests/skeletons/{name}.yaml";
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(pipeline))!, "../..", shared);
        return File.Exists(beside) ? beside : ShippedFiles.Find(shared);
    });

    private static Skeleton Resolve(YamlValue value, Func<string, string> find)
    {
        if (value.IsSection)
            return Parse(value.AsSection());
        string path = find(value.AsString());
        return File.Exists(path)
            ? Parse(YamlSection.Load(path))
            : throw value.Error($"expected a skeleton, or the name of one; there is no file {path}");
    }

    /// <summary>Reads a section.</summary>
    /// <exception cref="InvalidDataException">
    /// A key is missing or unknown, or a name is no keypoint; the message names file and line.
    /// </exception>
    public static Skeleton Parse(YamlSection section)
    {
        string name = section.Required("name").AsString();
        ImmutableArray<string> keypoints = [.. section.Required("keypoints").AsStrings()];
        Dictionary<string, int> indices = keypoints.Index().DistinctBy(item => item.Item)
            .ToDictionary(item => item.Item, item => item.Index, StringComparer.Ordinal);

        IEnumerable<SkeletonEdge> edges =
            Items(section, "edges").Select(edge => Pair(edge, End)).Select(ends => new SkeletonEdge(ends.First, ends.Second));
        IEnumerable<SkeletonEdge> paths = Items(section, "paths").Select(path => path.AsList().Select(Index).ToArray())
            .SelectMany(path => path.Zip(path.Skip(1), (from, to) => new SkeletonEdge(from, to)));
        ImmutableArray<(int, int)> symmetric = [.. Items(section, "symmetric").Select(pair => Pair(pair, Index))];
        YamlSection? groupSection = section.Optional("groups")?.AsSection();
        ImmutableArray<KeypointGroup> groups = groupSection is null
            ? []
            : [.. groupSection.Keys.Select(group => new KeypointGroup(group, [.. groupSection.Required(group).AsList().Select(Index)]))];
        try
        {
            var skeleton = new Skeleton(name, keypoints, [.. edges, .. paths], symmetric, groups);
            section.RejectUnknownKeys();
            return skeleton;
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{section.Where}: {error.Message}", error);
        }

        int Index(YamlValue value) =>
            indices.TryGetValue(value.AsString(), out int index)
            ? index
            : throw value.Error($"expected a keypoint of skeleton '{name}': {string.Join(", ", keypoints.Take(20))}");

        ImmutableArray<int> End(YamlValue value) => value.IsList ? [.. value.AsList().Select(Index)] : [Index(value)];
    }

    private static IReadOnlyList<YamlValue> Items(YamlSection section, string key) => section.Optional(key)?.AsList() ?? [];

    private static (T First, T Second) Pair<T>(YamlValue value, Func<YamlValue, T> read) =>
        value.AsList() is [YamlValue first, YamlValue second] ? (read(first), read(second)) : throw value.Error("expected a list of two");
}
