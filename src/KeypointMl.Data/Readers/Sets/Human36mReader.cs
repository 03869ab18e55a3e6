using System.Numerics;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Mat;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>
/// Reader <c>human36m</c>: Human3.6M (Ionescu et al., TPAMI 2014) in one of two layouts. <c>layout: images</c>:
/// <c>S1/Directions-1/annot.h5</c> (<c>pose/2d</c> N×32×2, <c>camera</c>, <c>frame</c>) with
/// <c>imageSequence/&lt;camera&gt;/img_000001.jpg</c>, as the tool h36m-fetch extracts it. <c>layout: videos</c>: the
/// release's <c>S1/Videos/Directions 1.54138969.mp4</c> with
/// <c>S1/MyPoseFeatures/D2_Positions/Directions 1.54138969.cdf.mat</c> (the release's CDF files saved from MATLAB: a
/// cell <c>data</c> of N×64). A split has <c>subjects</c>, optionally <c>activities</c> and
/// <c>cameras</c>, <c>half</c> of every video, and <c>step</c>. The skeleton picks among the 32 joints by name; the
/// subject is cut out around all of them (<c>crop</c>).
/// </summary>
internal sealed class Human36mReader : SampleReader<Human36mReader.Split>
{
    private const long MaxBytes = 1L << 30;

    internal sealed record Split(
        IReadOnlyList<string> Subjects,
        IReadOnlySet<string>? Activities,
        IReadOnlySet<string>? Cameras,
        SequenceHalf Half,
        int Step);

    private readonly string root;
    private readonly bool videos;
    private readonly CropSettings crop;
    private readonly KeypointNames names;

    private Human36mReader(string root, bool videos, CropSettings crop, KeypointNames names, IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.root = root;
        this.videos = videos;
        this.crop = crop;
        this.names = names;
    }

    internal static Human36mReader Parse(YamlSection section, YamlValue? splits)
    {
        string root = section.Required("root").AsString();
        bool videos = section.Required("layout").AsOneOf("images", "videos") == "videos";
        var crop = CropSettings.Parse(section, margin: 0.1f);
        var names = new KeypointNames(Human36mJoints.Names, KeypointMapping.Parse(section));
        section.RejectUnknownKeys();
        return new Human36mReader(root, videos, crop, names, SplitSettings.Parse(section, splits, split => new Split(
            split.Required("subjects").AsStrings(),
            split.Optional("activities")?.AsStrings().Select(name => name.ToLowerInvariant()).ToHashSet(),
            split.Optional("cameras")?.AsStrings().ToHashSet(),
            split.ParseHalf(),
            split.Optional("step")?.AsInt32(1) ?? 1)));
    }

    private protected override IEnumerable<Sample> ListSplit(string split, string dataRoot, bool withLabels, DatasetOptions options)
    {
        Split settings = Settings(split);
        foreach (string subject in settings.Subjects)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            foreach (Sample sample in videos ? ListVideos(subject, settings, dataRoot) : ListImages(subject, settings, dataRoot))
                yield return sample;
        }
    }

    private IEnumerable<Sample> ListVideos(string subject, Split settings, string dataRoot)
    {
        string folder = SetFolder.Require(dataRoot, $"{root}/{subject}/Videos");
        foreach (string path in Directory.EnumerateFiles(folder, "*.mp4").Order(NaturalOrder.Comparer))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            string activity = Human36mJoints.Activity(name);
            // The release has a video for each sequence that shows all cameras; it begins with an underscore.
            if (name.StartsWith('_') || settings.Activities?.Contains(activity) == false
                || settings.Cameras?.Contains(name[(name.LastIndexOf('.') + 1)..]) == false)
                continue;
            MatValue data = MatFile.Read(Path.Combine(dataRoot, root, subject, "MyPoseFeatures/D2_Positions", name + ".cdf.mat"))["data"];
            MatNumeric numbers =
                (data is MatCell { Count: 1 } cell ? cell.Items[0] : data).AsNumeric().RequireMatrix(null, 2 * names.Count);
            (double[] values, int count) = (numbers.ToDoubles(), numbers.Dimensions[0]);
            foreach (int frame in Chosen([.. Enumerable.Range(0, count)], settings))
            {
                yield return Make(dataRoot, $"{root}/{subject}/Videos/{name}.mp4", $"{subject}/{name}", activity,
                    MatPoints.OfRow(values, count, frame, names.Count), $"{numbers.Where}, row {frame + 1}") with
                {
                    Frame = frame,
                };
            }
        }
    }

    private IEnumerable<Sample> ListImages(string subject, Split settings, string dataRoot)
    {
        string folder = SetFolder.Require(dataRoot, $"{root}/{subject}");
        foreach (string sequence in SetFolder.SubFolders(folder))
        {
            string activity = Human36mJoints.Activity(sequence);
            if (settings.Activities?.Contains(activity) == false)
                continue;
            string path = Path.Combine(folder, sequence, "annot.h5");
            (double[] poses, int[] cameras, int[] frames) = ReadAnnotations(path);
            foreach (IGrouping<int, int> camera in Enumerable.Range(0, frames.Length).GroupBy(i => cameras[i])
                .OrderBy(camera => camera.Key))
            {
                if (settings.Cameras?.Contains($"{camera.Key}") == false)
                    continue;
                foreach (int row in Chosen([.. camera.OrderBy(i => frames[i])], settings))
                {
                    Vector2[] points = [.. Enumerable.Range(0, names.Count).Select(k => (row * names.Count + k) * 2)
                        .Select(at => new Vector2((float)poses[at], (float)poses[at + 1]))];
                    string image = $"{root}/{subject}/{sequence}/imageSequence/{camera.Key}/img_{frames[row]:D6}.jpg";
                    yield return Make(dataRoot, image, $"{subject}/{sequence}, camera {camera.Key}", activity, points,
                        $"{path}: pose/2d[{row}]");
                }
            }
        }
    }

    private (double[] Poses, int[] Cameras, int[] Frames) ReadAnnotations(string path)
    {
        using var source = Hdf5Source.Open(path, MaxBytes);
        double[] poses = Numbers("pose/2d"), cameras = Numbers("camera"), frames = Numbers("frame");
        if (cameras.Length != frames.Length || poses.Length != frames.Length * names.Count * 2)
        {
            throw source.Error("pose/2d",
                $"has {poses.Length} numbers for {frames.Length} frames and {cameras.Length} cameras; "
                + $"expected {names.Count}×2 for each frame");
        }
        int wrong = Array.FindIndex(frames, frame => !(frame >= 0 && frame <= int.MaxValue));
        if (wrong >= 0)
            throw source.Error($"frame[{wrong}]", $"is {frames[wrong]}; expected a frame number");
        return (poses, Array.ConvertAll(cameras, camera => (int)camera), Array.ConvertAll(frames, frame => (int)frame));

        double[] Numbers(string name) => source.Doubles(source.Dataset(name));
    }

    private Sample Make(string dataRoot, string name, string clip, string activity, Vector2[] points, string where) =>
        new(Path.Combine(dataRoot, name), name, clip, skeleton => names.Pick(points, skeleton))
        {
            Group = activity,
            Box = crop.Around(points) ?? throw new InvalidDataException($"{where}: the pose lies in one point."),
        };

    private static IEnumerable<int> Chosen(int[] frames, Split settings) =>
        settings.Half.Of<int>(frames).ToArray().Where((_, i) => i % settings.Step == 0);
}

/// <summary>The 32 joints of Human3.6M in its order, with the names of the authors' release of KeypointGAN.</summary>
internal static class Human36mJoints
{
    internal static IReadOnlyList<string> Names { get; } =
    [
        "hip", "r_hip", "r_knee", "r_ankle", "r_ball", "r_toes", "l_hip", "l_knee", "l_ankle", "l_ball", "l_toes", "pelvis", "thorax",
            "neck", "head_center", "head_back",
        "l_unknown", "l_shoulder", "l_elbow", "l_wrist", "l_wrist2", "l_thumb", "l_little", "l_little2", "r_unknown", "r_shoulder",
            "r_elbow", "r_wrist", "r_wrist2", "r_thumb", "r_little", "r_little2",
    ];

    /// <summary>
    /// The activity of a sequence: <c>Directions 1.54138969</c>, <c>Directions-1</c> and <c>Directions.55011271</c> are
    /// all <c>directions</c>.
    /// </summary>
    internal static string Activity(string sequence) => sequence.Split(' ', '.', '-', '_')[0].ToLowerInvariant();
}
