using System.Numerics;
using KeypointMl.Data.Formats.Mat;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>
/// Reader <c>penn-action</c>: Penn Action (Zhang, Zhu, Derpanis, ICCV 2013), <c>frames/&lt;video&gt;/&lt;n&gt;.jpg</c>
/// and <c>labels/&lt;video&gt;.mat</c> with x, y, visibility, bbox, action and train. A split has <c>part</c> (train,
/// test or all), <c>half</c> (of the videos of each action), optionally <c>actions</c>, and <c>visible_only</c>. The
/// subject is cut out by the set's box (<c>crop</c>).
/// </summary>
internal sealed class PennActionReader : SampleReader<PennActionReader.Split>
{
    private static readonly string[] Joints =
    [
        "head", "l_shoulder", "r_shoulder", "l_elbow", "r_elbow", "l_wrist", "r_wrist", "l_hip", "r_hip", "l_knee", "r_knee",
        "l_ankle", "r_ankle",
    ];

    private static readonly HashSet<string> Variables = ["x", "y", "visibility", "bbox", "action", "train"];

    internal sealed record Split(string Part, SequenceHalf Half, IReadOnlySet<string>? Actions, bool VisibleOnly);

    private sealed record Video(string Name, string Action, string Path, MatFile Labels);

    private readonly string root;
    private readonly CropSettings crop;
    private readonly KeypointNames names;

    private PennActionReader(string root, CropSettings crop, KeypointNames names, IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.root = root;
        this.crop = crop;
        this.names = names;
    }

    internal static PennActionReader Parse(YamlSection section, YamlValue? splits)
    {
        string root = section.Required("root").AsString();
        var crop = CropSettings.Parse(section, margin: 0);
        var names = new KeypointNames(Joints, KeypointMapping.Parse(section));
        section.RejectUnknownKeys();
        return new PennActionReader(root, crop, names, SplitSettings.Parse(section, splits, split => new Split(
            split.Required("part").AsOneOf("train", "test", "all"),
            split.ParseHalf(),
            split.Optional("actions")?.AsStrings().ToHashSet(),
            split.Optional("visible_only")?.AsBoolean() ?? false)));
    }

    private protected override IEnumerable<Sample> ListSplit(string split, string dataRoot, bool withLabels, DatasetOptions options)
    {
        Split settings = Settings(split);
        // Halves are of the videos of each action, so that no video gives both images and prior.
        return ReadVideos(settings, dataRoot, options.Cancellation)
            .GroupBy(video => video.Action)
            .OrderBy(action => action.Key, StringComparer.Ordinal)
            .SelectMany(action => settings.Half.Of<Video>(action.ToArray()).ToArray())
            .SelectMany(video => Frames(video, settings, dataRoot));
    }

    private IEnumerable<Video> ReadVideos(Split settings, string dataRoot, CancellationToken cancellation)
    {
        string folder = SetFolder.Require(dataRoot, $"{root}/labels");
        foreach (string path in Directory.EnumerateFiles(folder, "*.mat").Order(NaturalOrder.Comparer))
        {
            cancellation.ThrowIfCancellationRequested();
            MatFile labels = MatFile.Read(path, only: Variables);
            string action = labels["action"].AsText();
            bool isTrain = labels["train"].AsNumeric().Scalar() > 0;
            if ((settings.Part == "all" || settings.Part == "train" == isTrain) && settings.Actions?.Contains(action) != false)
                yield return new Video(Path.GetFileNameWithoutExtension(path), action, path, labels);
        }
    }

    private IEnumerable<Sample> Frames(Video video, Split settings, string dataRoot)
    {
        double[] x = video.Labels["x"].AsNumeric().RequireMatrix(null, names.Count).ToDoubles();
        int count = x.Length / names.Count;
        double[] y = video.Labels["y"].AsNumeric().RequireMatrix(count, names.Count).ToDoubles();
        double[] visible = video.Labels["visibility"].AsNumeric().RequireMatrix(count, names.Count).ToDoubles();
        // Some videos have boxes for fewer frames than labels.
        double[] boxes = video.Labels["bbox"].AsNumeric().RequireMatrix(null, 4).ToDoubles();
        int boxCount = boxes.Length / 4;
        for (int frame = 0; frame < Math.Min(count, boxCount); frame++)
        {
            int i = frame;
            // MATLAB counts pixels from 1; the box is given by its corners.
            var box = new Box((float)boxes[i] - 1, (float)boxes[i + boxCount] - 1, (float)(boxes[i + 2 * boxCount] - boxes[i])
                + 1, (float)(boxes[i + 3 * boxCount] - boxes[i + boxCount]) + 1);
            if (crop.Around(box) is not Box cropped)
            {
                throw new InvalidDataException(
                    $"{video.Path}: bbox({i + 1}) is {box.Width}×{box.Height}; both sides must be greater than 0.");
            }
            string image = $"{root}/frames/{video.Name}/{i + 1:D6}.jpg";
            yield return new Sample(Path.Combine(dataRoot, image), image, video.Name, skeleton => names.Pick(Points(i), skeleton))
            {
                Group = video.Action,
                Box = cropped,
            };
        }

        Vector2[] Points(int frame) =>
        [
            .. Enumerable.Range(0, names.Count).Select(k => !settings.VisibleOnly || visible[frame + k * count] > 0
                ? new Vector2((float)x[frame + k * count] - 1, (float)y[frame + k * count] - 1)
                : new Vector2(float.NaN)),
        ];
    }
}
