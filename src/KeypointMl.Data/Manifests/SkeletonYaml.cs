using System.Collections.Immutable;
using System.Globalization;
using System.Text;
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
    private const string SharedFolder = "data-manifests/skeletons";

    /// <summary>
    /// Reads a manifest's skeleton: a section, or the name of a file <c>skeletons/&lt;name&gt;.yaml</c>, so that data sets that
    /// share a skeleton share one file: in the manifest's folder, else in <c>data-manifests</c> of the current folder, else
    /// among those that are shipped.
    /// </summary>
    /// <exception cref="InvalidDataException">There is no such file, or see <see cref="Parse"/>.</exception>
    internal static Skeleton Resolve(YamlValue value, string manifest) =>
        Resolve(value, name =>
        [
            Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifest))!, "skeletons", name + ".yaml"),
            .. Shared(name),
        ]);

    /// <summary>
    /// As <see cref="Resolve(YamlValue, string)"/>, for a file in a folder of <c>pipelines</c>: the skeletons are those
    /// of <c>data-manifests</c> beside <c>pipelines</c>, in the current folder, or beside the executable.
    /// </summary>
    internal static Skeleton ResolveForPipeline(YamlValue value, string pipeline) => Resolve(value, name =>
    [
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(pipeline))!, "../..", SharedFolder, name + ".yaml"),
        .. Shared(name),
    ]);

    /// <summary>Reads a skeleton by a file's path or by the name of a shared one.</summary>
    /// <exception cref="FileNotFoundException">There is none; the message lists where it was looked for.</exception>
    /// <exception cref="InvalidDataException">See <see cref="Parse"/>.</exception>
    internal static Skeleton Find(string nameOrFile)
    {
        string[] places = [nameOrFile, .. Shared(nameOrFile)];
        string found = places.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
            $"There is no skeleton '{nameOrFile}': no file {string.Join(", ", places)}. Give the path of a skeleton's YAML file, "
            + "or the name of a shipped one.");
        return Load(found);
    }

    private static Skeleton Resolve(YamlValue value, Func<string, string[]> places)
    {
        if (value.IsSection)
            return Parse(value.AsSection());
        string[] files = places(value.AsString());
        return files.FirstOrDefault(File.Exists) is string file
            ? Load(file)
            : throw value.Error($"expected a skeleton, or the name of one; there is no file {string.Join(", nor ", files)}");
    }

    // Of the current folder, and beside the executable.
    private static string[] Shared(string name) =>
    [
        .. new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
            .Select(folder => Path.Combine(folder, SharedFolder, name + ".yaml")).Distinct(),
    ];

    /// <summary>A skeleton as YAML that <see cref="Parse"/> reads.</summary>
    internal static string Write(Skeleton skeleton)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {Quote(skeleton.Name)}\n");
        WriteList(text, "keypoints", skeleton.Keypoints.Select(Quote));
        WriteList(text, "edges", skeleton.Edges.Select(edge => $"[{End(edge.From)}, {End(edge.To)}]"));
        WriteList(text, "symmetric", skeleton.SymmetricPairs.Select(pair => $"[{Name(pair.Left)}, {Name(pair.Right)}]"));
        if (!skeleton.Groups.IsEmpty)
            text.Append("groups:\n");
        foreach (KeypointGroup group in skeleton.Groups)
            text.Append(CultureInfo.InvariantCulture, $"  {Quote(group.Name)}: [{string.Join(", ", group.Keypoints.Select(Name))}]\n");
        return text.ToString();

        string End(ImmutableArray<int> end) => end.Length == 1 ? Name(end[0]) : $"[{string.Join(", ", end.Select(Name))}]";

        string Name(int keypoint) => Quote(skeleton.Keypoints[keypoint]);
    }

    /// <summary>Text that YAML reads as that text.</summary>
    internal static string Quote(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0])
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-') && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off")
            ? text
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static void WriteList(StringBuilder text, string key, IEnumerable<string> items)
    {
        string[] lines = [.. items];
        if (lines.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"{key}:\n{string.Concat(lines.Select(line => $"  - {line}\n"))}");
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no skeleton; the message lists all that is wrong by file, line and column.
    /// </exception>
    public static Skeleton Load(string path) => YamlSection.Load(path, Parse);

    /// <summary>Reads a section.</summary>
    /// <exception cref="InvalidDataException">
    /// A key is missing or unknown, or a name is no keypoint: once the file is read, with all that is wrong in it.
    /// </exception>
    public static Skeleton Parse(YamlSection section)
    {
        string name = section.Required("name").AsString();
        ImmutableArray<string> keypoints = [.. section.Required("keypoints").AsStrings()];
        string expected = $"a keypoint of skeleton '{name}'";

        IReadOnlyList<(ImmutableArray<int> From, ImmutableArray<int> To)> edges = Items(section, "edges", edge => Pair(edge, End));
        IReadOnlyList<IReadOnlyList<int>> paths = Items(section, "paths", path => path.AsListOf(Index));
        ImmutableArray<(int, int)> symmetric = [.. Items(section, "symmetric", pair => Pair(pair, Index))];
        YamlSection? groupSection = section.Optional("groups")?.AsSection();
        (string Name, IReadOnlyList<int> Keypoints)[] groups = groupSection is null
            ? []
            : [.. groupSection.Keys.Select(group => (group, groupSection.Required(group).AsListOf(Index)))];
        section.RejectUnknownKeys();
        try
        {
            IEnumerable<SkeletonEdge> steps = paths.SelectMany(path => path.Zip(path.Skip(1), (from, to) => new SkeletonEdge(from, to)));
            return new Skeleton(name, keypoints, [.. edges.Select(edge => new SkeletonEdge(edge.From, edge.To)), .. steps], symmetric,
                [.. groups.Select(group => new KeypointGroup(group.Name, [.. group.Keypoints]))]);
        }
        catch (ArgumentException error)
        {
            throw section.Error(error.Message);
        }

        int Index(YamlValue value) => value.AsIndexIn(keypoints, expected);

        ImmutableArray<int> End(YamlValue value) => value.IsList ? [.. value.AsListOf(Index)] : [Index(value)];
    }

    /// <summary>As the number of a keypoint that a value names.</summary>
    internal static int AsIndexIn(this YamlValue value, Skeleton skeleton) =>
        value.AsIndexIn(skeleton.Keypoints, $"a keypoint of skeleton '{skeleton.Name}'");

    private static IReadOnlyList<T> Items<T>(YamlSection section, string key, Func<YamlValue, T> read) =>
        section.Optional(key)?.AsListOf(read) ?? [];

    private static (T First, T Second) Pair<T>(YamlValue value, Func<YamlValue, T> read) =>
        value.AsPairOf(read, "expected a list of two");
}
