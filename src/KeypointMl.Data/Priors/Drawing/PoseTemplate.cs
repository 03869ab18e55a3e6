using System.Numerics;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors.Sources;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors.Drawing;

/// <summary>
/// One or a few poses, and how far their joints turn: what <see cref="TemplateDrawing"/> makes a prior of, where there is none. A
/// file of poses, or YAML: <c>poses</c> (a file beside it, or a list of <c>{ name: [x, y] }</c>), <c>skeleton</c>, <c>name</c>,
/// <c>root</c>, <c>angle</c> (± degrees, or [low, high]), <c>length</c> (± percent), <c>scale</c> (± percent of the whole),
/// <c>joints: [{ edge: [from, to], angle, length }]</c>, <c>symmetric</c>, <c>heading</c> (<c>any</c>, <c>fixed</c> or ±
/// degrees), <c>crop: { width, height, fill }</c>.
/// </summary>
public sealed record PoseTemplate
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>A short name.</summary>
    public required string Name { get; init; }

    /// <summary>The keypoints, and the edges that are the bones.</summary>
    public required Skeleton Skeleton { get; init; }

    /// <summary>The poses, of one unit; at least one.</summary>
    public required IReadOnlyList<Vector2[]> Poses { get; init; }

    /// <summary>The keypoint that the bones hang on; null for the one in the middle of the edges.</summary>
    public int? Root { get; init; }

    /// <summary>What holds for bones that <see cref="Joints"/> does not have.</summary>
    public JointRange Usual { get; init; } = JointRange.Default;

    /// <summary>The ranges of single bones, by the two keypoints at their ends.</summary>
    public IReadOnlyDictionary<(int From, int To), JointRange> Joints { get; init; } = new Dictionary<(int, int), JointRange>();

    /// <summary>Whether the other side of the body has the ranges and lengths of the one, mirrored; true by default.</summary>
    public bool Symmetric { get; init; } = true;

    /// <summary>The largest relative change of size of the whole; 0.05 by default.</summary>
    public float Scale { get; init; } = 0.05f;

    /// <summary>The largest turn of the whole either way, in degrees; 180 is any heading; 0 by default.</summary>
    public float HeadingDegrees { get; init; }

    /// <summary>Width of the crop that the poses are drawn for, in pixels.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Its height.</summary>
    public int Height { get; init; } = 128;

    /// <summary>The template's largest distance between two keypoints, as a part of the crop's smaller side; 0.7 by default.</summary>
    public float Fill { get; init; } = 0.7f;

    /// <summary>The files that it is made of.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Reads a template.</summary>
    /// <param name="path">A YAML file, or any file of poses.</param>
    /// <param name="skeleton">The skeleton; null for that of the template. Edges and pairs that it lacks are guessed.</param>
    /// <param name="note">Is told what was guessed.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no template; the message names file and line.</exception>
    public static PoseTemplate Load(string path, Skeleton? skeleton = null, Action<string>? note = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        note ??= _ => { };
        return System.IO.Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml"
            ? YamlSection.Load(path, root => Parse(root, path, skeleton, note))
            : FromFile(path, path, skeleton, note) with { Files = [path] };
    }

    private static PoseTemplate FromFile(string path, string template, Skeleton? skeleton, Action<string> note)
    {
        PoseTable table = PoseSource.Read(path, skeleton, null, "Name them by a skeleton (--skeleton NAME or FILE.yaml).");
        Vector2[][] poses = [.. PoseSource.Complete(table).Select(row => row.Points)];
        if (poses.Length == 0)
            throw new InvalidDataException($"{path}: no pose has all keypoints; a template needs one that does.");
        return new PoseTemplate
        {
            Path = template,
            Name = System.IO.Path.GetFileNameWithoutExtension(template),
            Skeleton = SkeletonGuess.Complete(table.Skeleton, poses, note),
            Poses = poses,
        };
    }

    private static PoseTemplate Parse(YamlSection root, string path, Skeleton? given, Action<string> note)
    {
        YamlValue? skeleton = root.Optional("skeleton");
        Skeleton? named = given ?? (skeleton is null ? null : root.Try(() => SkeletonYaml.Resolve(skeleton, path)));
        YamlValue poses = root.Required("poses");
        PoseTemplate? template = skeleton is not null && named is null
            ? null
            : root.Try(() => poses.IsList ? Written(poses, path, named, note) : Beside(poses, path, named, note));
        JointRange usual = ParseRange(root, JointRange.Default);
        (YamlValue? top, YamlValue? joints) = (root.Optional("root"), root.Optional("joints"));
        string? name = root.Optional("name")?.AsString();
        bool symmetric = root.Optional("symmetric")?.AsBoolean() ?? true;
        float scale = root.Optional("scale")?.AsSingle(0, 90) / 100 ?? 0.05f;
        float heading = root.Optional("heading") is YamlValue turn ? ParseHeading(turn) : 0;
        YamlSection? crop = root.Optional("crop")?.AsSection();
        int? width = crop?.Optional("width")?.AsInt32(16, 4096);
        int? height = crop?.Optional("height")?.AsInt32(16, 4096);
        float? fill = crop?.Optional("fill")?.AsSingle(0.05f, 1);
        crop?.RejectUnknownKeys();
        root.RejectUnknownKeys();
        if (template is null)
            throw root.Stop();
        return template with
        {
            Name = name ?? template.Name,
            Root = top is null ? null : IndexOf(top, template.Skeleton),
            Usual = usual,
            Joints = (joints?.AsListOf(joint => ParseJoint(joint.AsSection(), template.Skeleton, usual)) ?? [])
                .GroupBy(joint => joint.Edge).ToDictionary(same => same.Key, same => same.Last().Range),
            Symmetric = symmetric,
            Scale = scale,
            HeadingDegrees = heading,
            Width = width ?? template.Width,
            Height = height ?? template.Height,
            Fill = fill ?? template.Fill,
        };
    }

    private static PoseTemplate Beside(YamlValue poses, string path, Skeleton? given, Action<string> note)
    {
        string file = System.IO.Path.GetFullPath(poses.AsString(), System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        return File.Exists(file)
            ? FromFile(file, path, given, note) with { Files = [path, file] }
            : throw poses.Error($"expected poses, or a file of poses beside this one; there is no file {file}");
    }

    private static PoseTemplate Written(YamlValue poses, string path, Skeleton? given, Action<string> note)
    {
        YamlSection[] sections = [.. poses.AsList().Select(pose => pose.AsSection())];
        if (sections.Length == 0)
            throw poses.Error("expected at least one pose, { name: [x, y], … }");
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        if (given is null && (!sections[0].Keys.Any() || sections[0].Keys.Any(string.IsNullOrWhiteSpace)))
            throw poses.Error("expected { name: [x, y], … } with at least one keypoint, and a name for each");
        Skeleton skeleton = given ?? new Skeleton(name, [.. sections[0].Keys], []);
        Vector2[][] points = [.. sections.Select(section => ReadPose(section, skeleton))];
        return new PoseTemplate
        {
            Path = path,
            Name = name,
            Skeleton = SkeletonGuess.Complete(skeleton, points, note),
            Poses = points,
            Files = [path],
        };
    }

    private static Vector2[] ReadPose(YamlSection section, Skeleton skeleton)
    {
        (float X, float Y)[] pose = [.. skeleton.Keypoints.Select(name => section.Required(name)).Select(point =>
            section.Try(() => point.AsPairOf(number => number.AsSingle(-1e6f, 1e6f), "expected [x, y]")))];
        section.RejectUnknownKeys();
        return Array.ConvertAll(pose, point => new Vector2(point.X, point.Y));
    }

    private static ((int, int) Edge, JointRange Range) ParseJoint(YamlSection section, Skeleton skeleton, JointRange usual)
    {
        YamlValue edge = section.Required("edge");
        (int, int) ends = section.Try(() => edge.AsPairOf(
            end => IndexOf(end, skeleton), "expected two different keypoints, [from, to]", (from, to) => from != to));
        JointRange range = ParseRange(section, usual);
        section.RejectUnknownKeys();
        return (ends, range);
    }

    private static JointRange ParseRange(YamlSection section, JointRange otherwise)
    {
        JointRange range = otherwise;
        if (section.Optional("angle") is YamlValue angle)
        {
            float[] ends = angle.IsList
                ? [.. angle.AsListOf(end => end.AsSingle(-180, 180))]
                : [-angle.AsSingle(0, 180), angle.AsSingle(0, 180)];
            if (ends is [float low, float high] && low <= high)
                range = range with { Low = low, High = high };
            else
                angle.Complain("expected ± degrees, or [low, high] with low ≤ high");
        }
        return section.Optional("length")?.AsSingle(0, 90) / 100 is float length ? range with { Length = length } : range;
    }

    private static float ParseHeading(YamlValue heading) => heading.AsString() switch
    {
        "any" => 180,
        "fixed" => 0,
        _ => heading.AsSingle(0, 180),
    };

    private static int IndexOf(YamlValue value, Skeleton skeleton) => value.AsIndexIn(skeleton.Keypoints, "a keypoint");
}
