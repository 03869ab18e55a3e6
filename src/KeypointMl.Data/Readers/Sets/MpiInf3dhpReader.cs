using System.Numerics;
using KeypointMl.Data.Formats.Mat;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>
/// Reader <c>mpi-inf-3dhp</c>: MPI-INF-3DHP (Mehta et al., 3DV 2017). Training part: <c>S1/Seq1/annot.mat</c> (cells of
/// cameras, N×56) with <c>imageSequence/video_0.avi</c>, or with <c>frames: images</c> the extracted
/// <c>imageFrames/video_0/frame_000001.jpg</c>; 28 joints. A split has <c>subjects</c>, <c>sequences</c>,
/// <c>cameras</c>, <c>half</c> and <c>step</c>. Test part (<c>part: test</c>): <c>TS1/annot_data.mat</c> with
/// <c>imageSequence/img_000001.jpg</c>, 17 joints, the valid frames. The subject is cut out around its pose
/// (<c>crop</c>).
/// </summary>
internal sealed class MpiInf3dhpReader : SampleReader<MpiInf3dhpReader.Split>
{
    internal sealed record Split(
        bool IsTest,
        IReadOnlyList<string> Subjects,
        IReadOnlyList<int> Sequences,
        IReadOnlyList<int> Cameras,
        SequenceHalf Half,
        int Step);

    private readonly string root;
    private readonly bool videos;
    private readonly CropSettings crop;
    private readonly KeypointNames names;
    private readonly KeypointNames testNames;

    private MpiInf3dhpReader(
        string root, bool videos, CropSettings crop, KeypointMapping mapping, IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.root = root;
        this.videos = videos;
        this.crop = crop;
        names = new KeypointNames(MpiInf3dhpJoints.Names, mapping);
        testNames = new KeypointNames(MpiInf3dhpJoints.TestNames, mapping);
    }

    internal static MpiInf3dhpReader Parse(YamlSection section, YamlValue? splits)
    {
        string root = section.Required("root").AsString();
        bool videos = section.Optional("frames")?.AsOneOf("videos", "images") != "images";
        var crop = CropSettings.Parse(section, margin: 0.1f);
        var mapping = KeypointMapping.Parse(section);
        section.RejectUnknownKeys();
        return new MpiInf3dhpReader(root, videos, crop, mapping, SplitSettings.Parse(section, splits, ParseSplit));
    }

    private static Split ParseSplit(YamlSection split) => new(
        split.Optional("part")?.AsOneOf("train", "test") == "test",
        split.Required("subjects").AsStrings(),
        split.Optional("sequences")?.AsList().Select(number => number.AsInt32(1)).ToArray() ?? [1, 2],
        // those at chest height
        split.Optional("cameras")?.AsList().Select(number => number.AsInt32(0, 13)).ToArray() ?? [0, 1, 2, 4, 5, 6, 7, 8],
        split.ParseHalf(),
        split.Optional("step")?.AsInt32(1) ?? 1);

    private protected override IEnumerable<Sample> ListSplit(string split, string dataRoot, bool withLabels, DatasetOptions options)
    {
        Split settings = Settings(split);
        foreach (string subject in settings.Subjects)
        {
            if (settings.IsTest)
            {
                foreach (Sample sample in ListTest(subject, settings, dataRoot))
                    yield return sample;
                continue;
            }
            foreach (int sequence in settings.Sequences)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                foreach (Sample sample in ListTraining($"{root}/{subject}/Seq{sequence}", settings, dataRoot))
                    yield return sample;
            }
        }
    }

    private IEnumerable<Sample> ListTraining(string folder, Split settings, string dataRoot)
    {
        string path = Path.Combine(dataRoot, folder, "annot.mat");
        MatCell cameras = MatFile.Read(path, only: new HashSet<string> { "annot2" })["annot2"].AsCell();
        foreach (int camera in settings.Cameras)
        {
            if (camera >= cameras.Count)
                throw cameras.Error($"expected at least {camera + 1} cameras");
            MatNumeric numbers = cameras.Items[camera].AsNumeric().RequireMatrix(null, 2 * names.Count);
            double[] values = numbers.ToDoubles();
            int count = numbers.Dimensions[0];
            foreach (int frame in Chosen(Enumerable.Range(0, count), settings))
            {
                Vector2[] points = MatPoints.OfRow(values, count, frame, names.Count);
                string name = videos
                    ? $"{folder}/imageSequence/video_{camera}.avi"
                    : $"{folder}/imageFrames/video_{camera}/frame_{frame + 1:D6}.jpg";
                yield return Make(dataRoot, name, $"{folder}, camera {camera}", points, names, "", $"{numbers.Where}, row {frame + 1}") with
                {
                    Frame = videos ? frame : null,
                };
            }
        }
    }

    private IEnumerable<Sample> ListTest(string subject, Split settings, string dataRoot)
    {
        string folder = $"{root}/{subject}";
        MatFile file = MatFile.Read(Path.Combine(dataRoot, folder, "annot_data.mat"),
            only: new HashSet<string> { "annot2", "valid_frame", "activity_annotation" });
        MatNumeric annotations = file["annot2"].AsNumeric();
        double[] values = annotations.ToDoubles(), valid = file["valid_frame"].AsNumeric().ToDoubles();
        double[]? activities = file.Find("activity_annotation")?.AsNumeric().ToDoubles();
        if (values.Length != valid.Length * 2 * testNames.Count)
            throw annotations.Error($"expected 2×{testNames.Count} numbers for each of {valid.Length} frames");
        foreach (int frame in Chosen(Enumerable.Range(0, valid.Length).Where(i => valid[i] != 0), settings))
        {
            Vector2[] points = [.. Enumerable.Range(0, testNames.Count).Select(k => (frame * testNames.Count + k) * 2)
                .Select(at => new Vector2((float)values[at], (float)values[at + 1]))];
            string group = activities?.Length == valid.Length ? $"activity {activities[frame]:F0}" : "";
            yield return Make(dataRoot, $"{folder}/imageSequence/img_{frame + 1:D6}.jpg", folder, points, testNames, group,
                $"{annotations.Where}, frame {frame + 1}");
        }
    }

    private Sample Make(string dataRoot, string name, string clip, Vector2[] points, KeypointNames order, string group, string where) =>
        new(Path.Combine(dataRoot, name), name, clip, skeleton => order.Pick(points, skeleton))
        {
            Group = group,
            Box = crop.Around(points) ?? throw new InvalidDataException($"{where}: the pose lies in one point."),
        };

    private static IEnumerable<int> Chosen(IEnumerable<int> frames, Split settings) =>
        settings.Half.Of<int>(frames.ToArray()).ToArray().Where((_, i) => i % settings.Step == 0);
}

/// <summary>The joints of MPI-INF-3DHP in its orders: 28 in the training part, 17 in the test part.</summary>
internal static class MpiInf3dhpJoints
{
    internal static IReadOnlyList<string> Names { get; } =
    [
        "spine3", "spine4", "spine2", "spine", "pelvis", "neck", "head", "head_top", "l_clavicle", "l_shoulder", "l_elbow", "l_wrist",
            "l_hand", "r_clavicle", "r_shoulder", "r_elbow", "r_wrist",
        "r_hand", "l_hip", "l_knee", "l_ankle", "l_foot", "l_toe", "r_hip", "r_knee", "r_ankle", "r_foot", "r_toe",
    ];

    internal static IReadOnlyList<string> TestNames { get; } =
    [
        "head_top", "neck", "r_shoulder", "r_elbow", "r_wrist", "l_shoulder", "l_elbow", "l_wrist", "r_hip", "r_knee", "r_ankle",
            "l_hip", "l_knee", "l_ankle", "pelvis", "spine", "head",
    ];
}
