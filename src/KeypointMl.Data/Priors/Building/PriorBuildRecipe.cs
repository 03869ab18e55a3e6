using System.Numerics;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors.Building;

/// <summary>
/// How a prior is built (<c>pipelines/priors/*.yaml</c>): from motion capture, <c>source: { kind: bvh | mpi-inf-3dhp, …
/// }</c>, by <c>joints</c> (<see cref="JointMap"/>), <c>camera</c>, <c>filters</c>, <c>jitter</c> and <c>crop</c>; or
/// from the labels of a data set's split, <c>source: { kind: manifest, … }</c>.
/// </summary>
public sealed class PriorBuildRecipe
{
    private PriorBuildRecipe(string path, string name, Skeleton skeleton, ulong seed, int count, PriorFilters filters, PriorCrop crop)
    {
        Filters = filters;
        Crop = crop;
        Path = path;
        Name = name;
        Skeleton = skeleton;
        Seed = seed;
        Count = count;
    }

    /// <summary>The YAML file.</summary>
    public string Path { get; }

    /// <summary>A short name.</summary>
    public string Name { get; }

    /// <summary>The keypoints of the poses.</summary>
    public Skeleton Skeleton { get; }

    /// <summary>Seed of every draw.</summary>
    public ulong Seed { get; }

    /// <summary>How many poses to make.</summary>
    public int Count { get; }

    internal Func<string, List<string>, CancellationToken, IReadOnlyList<MotionFrame>>? Motion { get; private init; }

    internal (string Manifest, string Split)? Labels { get; private init; }

    internal JointMap? Joints { get; private init; }

    internal CameraSampler? Camera { get; private init; }

    internal PriorFilters Filters { get; }

    internal float BoneLengthJitter { get; private init; }

    internal PriorCrop Crop { get; }

    /// <summary>Reads a recipe. No other file is touched but the skeleton's and the manifest's, where it names one.</summary>
    /// <param name="path">The YAML file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A key is missing, unknown or has a wrong value; the message names file and line.</exception>
    public static PriorBuildRecipe Load(string path) => YamlSection.Load(path, root => Parse(root, path));

    private static PriorBuildRecipe Parse(YamlSection root, string path)
    {
        string name = root.Required("name").AsString();
        Skeleton? skeleton = root.Try(() => SkeletonYaml.ResolveForPipeline(root.Required("skeleton"), path));
        ulong seed = (ulong)(root.Optional("seed")?.AsInt64(0) ?? 1);
        YamlSection source = root.Required("source").AsSection();
        string kind = source.Required("kind").AsOneOf("bvh", "mpi-inf-3dhp", "manifest");
        // Of a kind that is not known, the keys are not either.
        bool isKnown = source.Required("kind").IsOneOf([kind]);
        bool isMotion = kind != "manifest";
        YamlSection? jitter = isMotion ? root.Optional("jitter")?.AsSection() : null;
        int count = root.Required("count").AsInt32(1, 10_000_000);
        YamlSection? filterSection = root.Optional("filters")?.AsSection();
        YamlSection? joints = isMotion ? root.Optional("joints")?.AsSection() : null;
        CameraSampler? camera = isMotion ? CameraSampler.Parse(root.Optional("camera")?.AsSection()) : null;
        var crop = PriorCrop.Parse(root.Optional("crop")?.AsSection(), keep: !isMotion);
        float boneLength = jitter?.Optional("bone_length")?.AsSingle(0, 0.3f) ?? 0;
        jitter?.RejectUnknownKeys();
        root.RejectUnknownKeys();
        Func<string, List<string>, CancellationToken, IReadOnlyList<MotionFrame>>? motion = null;
        (string, string)? labels = null;
        if (isKnown)
        {
            motion = ParseMotion(kind, source);
            labels = isMotion ? null : (source.Required("manifest").AsString(), source.Required("split").AsString());
            source.RejectUnknownKeys();
        }
        if (skeleton is null)
            throw root.Stop();
        return new PriorBuildRecipe(path, name, skeleton, seed, count, PriorFilters.Parse(filterSection, skeleton, isMotion), crop)
        {
            Motion = motion,
            Labels = labels,
            Joints = isMotion ? JointMap.Parse(joints, skeleton, path) : null,
            Camera = camera,
            BoneLengthJitter = boneLength,
        };
    }

    private static Func<string, List<string>, CancellationToken, IReadOnlyList<MotionFrame>>? ParseMotion(
        string kind, YamlSection source) => kind switch
        {
            "bvh" => new BvhSource(source.Required("files").AsString(), source.Optional("step")?.AsInt32(1)
                ?? 1, UpAxis.Parse(source.Optional("up"), "y")).Read,
            "mpi-inf-3dhp" => new MpiInf3dhpSource(
                source.Required("root").AsString(),
                source.Required("subjects").AsStrings(),
                source.Optional("sequences")?.AsListOf(number => number.AsInt32(1)) ?? [1, 2],
                source.Optional("camera")?.AsInt32(0, 13) ?? 0,
                source.Optional("step")?.AsInt32(1) ?? 1).Read,
            _ => null,
        };
}

/// <summary>A file that a prior was built from.</summary>
/// <param name="Path">Relative to the data root.</param>
/// <param name="Sha256">The SHA-256 of its content in lower-case hexadecimal.</param>
public sealed record PriorSourceFile(string Path, string Sha256);

/// <summary>A number that is drawn uniformly from a range, <c>[low, high]</c> in YAML; a single number is always that.</summary>
internal readonly record struct SampledRange(float Low, float High)
{
    internal static SampledRange Parse(YamlValue? value, float low, float high, float min, float max)
    {
        if (value is null)
            return new SampledRange(low, high);
        if (!value.IsList)
            return new SampledRange(value.AsSingle(min, max), value.AsSingle(min, max));
        float[] ends = [.. value.AsListOf(end => end.AsSingle(min, max))];
        if (ends is [float from, float to] && from <= to)
            return new SampledRange(from, to);
        value.Complain("expected [low, high], low ≤ high");
        return new SampledRange(low, high);
    }

    internal float Draw(ref SeededRandom random) => random.Uniform(Low, High);
}

/// <summary>Which axis of a motion source points up, and how its points are turned so that y does; no turn mirrors.</summary>
internal readonly record struct UpAxis(string Name)
{
    internal static UpAxis Parse(YamlValue? value, string otherwise) => new(value?.AsOneOf("y", "-y", "z", "-z") ?? otherwise);

    internal Vector3 ToYUp(Vector3 point) => Name switch
    {
        "y" => point,
        "-y" => new Vector3(point.X, -point.Y, -point.Z),
        "z" => new Vector3(point.X, point.Z, -point.Y),
        _ => new Vector3(point.X, -point.Z, point.Y),
    };
}
