using System.Globalization;
using System.Numerics;
using KeypointMl.Data.Formats.Mat;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>
/// Reader <c>simplified-human36m</c>: Simplified Human3.6M as Zhang et al. (CVPR 2018) released it,
/// <c>&lt;actor&gt;/{WithBackground,BackgroudMask,Landmarks}/&lt;sequence&gt;/&lt;n&gt;.{jpg,png,mat}</c>. A split has
/// <c>actors</c>, <c>activities</c> (the first word of a sequence's name), <c>half</c> of every sequence and
/// <c>step</c>. The landmarks <c>keypoints_2d</c> are 32 points in [0,1]; 0 and 1 are the centres of the frame's first
/// and last pixel, as in the authors' evaluation. Images are masked unless <c>masks: false</c>.
/// </summary>
internal sealed class SimplifiedHuman36mReader : SampleReader<SimplifiedHuman36mReader.Split>
{
    private const string Images = "WithBackground";
    private const string Masks = "BackgroudMask"; // The release's own spelling.
    private const string Landmarks = "Landmarks";

    internal sealed record Split(IReadOnlyList<string> Actors, IReadOnlySet<string>? Activities, SequenceHalf Half, int Step);

    private readonly string root;
    private readonly bool masks;
    private readonly KeypointNames names;

    private SimplifiedHuman36mReader(string root, bool masks, KeypointNames names, IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.root = root;
        this.masks = masks;
        this.names = names;
    }

    internal static SimplifiedHuman36mReader Parse(YamlSection section, YamlValue? splits)
    {
        string root = section.Required("root").AsString();
        bool masks = section.Optional("masks")?.AsBoolean() ?? true;
        var names = new KeypointNames(Human36mJoints.Names, KeypointMapping.Parse(section));
        section.RejectUnknownKeys();
        return new SimplifiedHuman36mReader(root, masks, names, SplitSettings.Parse(section, splits, split => new Split(
            split.Required("actors").AsStrings(),
            split.Optional("activities")?.AsStrings().Select(name => name.ToLowerInvariant()).ToHashSet(),
            split.ParseHalf(),
            split.Optional("step")?.AsInt32(1) ?? 1)));
    }

    private protected override IEnumerable<Sample> ListSplit(string split, string dataRoot, bool withLabels, DatasetOptions options)
    {
        Split settings = Settings(split);
        foreach (string actor in settings.Actors)
        {
            string folder = SetFolder.Require(dataRoot, $"{root}/{actor}/{Images}");
            foreach (string sequence in SetFolder.SubFolders(folder))
            {
                options.Cancellation.ThrowIfCancellationRequested();
                string activity = Human36mJoints.Activity(sequence);
                if (settings.Activities?.Contains(activity) == false)
                    continue;
                foreach (int frame in Frames(Path.Combine(folder, sequence), settings))
                    yield return Make(dataRoot, actor, sequence, activity, frame);
            }
        }
    }

    private static IEnumerable<int> Frames(string folder, Split settings)
    {
        int[] numbers = [.. Directory.EnumerateFiles(folder, "*.jpg").Select(path => Number(path)).Order()];
        return settings.Half.Of<int>(numbers).ToArray().Where((_, i) => i % settings.Step == 0);

        static int Number(string path) =>
            int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new InvalidDataException($"{path}: the image's name is no frame number, such as 17.jpg.");
    }

    private Sample Make(string dataRoot, string actor, string sequence, string activity, int frame)
    {
        string image = $"{root}/{actor}/{Images}/{sequence}/{frame}.jpg";
        return new Sample(Path.Combine(dataRoot, image), image,
            $"{actor}/{sequence}", skeleton => Read(Path.Combine(dataRoot, root, actor, Landmarks, sequence, $"{frame}.mat"), skeleton))
        {
            Group = activity,
            Mask = masks ? Path.Combine(dataRoot, root, actor, Masks, sequence, $"{frame}.png") : null,
            Unit = LabelUnit.Fractions,
        };
    }

    private Vector2[] Read(string path, Skeleton skeleton)
    {
        double[] numbers = MatFile.Read(path)["keypoints_2d"].AsNumeric().RequireMatrix(names.Count, 2).ToDoubles();
        return names.Pick(MatPoints.OfColumns(numbers, names.Count), skeleton);
    }
}
