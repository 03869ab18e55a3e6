using System.Numerics;
using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>
/// Reader <c>landmark-images</c>: single images with a file of landmarks beside each: <c>format: pts</c> (<c>a.jpg</c>,
/// <c>a.pts</c>: 300-W and its parts), <c>cat</c> (<c>a.jpg</c>, <c>a.jpg.cat</c>: Cat Head) or <c>mat</c>
/// (<c>a_lm.mat</c> with <c>pts</c>, K×2, counted from 1: MultiPIE; files with another number of points, those of
/// profiles, are left out). A split has <c>folders</c> (searched at any depth), optionally <c>list</c> (a text file of
/// image names relative to the folders; only those, or with <c>except_list</c> all others) and <c>half</c>. The subject
/// is cut out around its landmarks (<c>crop</c>). With <c>images: false</c> there are landmarks alone, for priors.
/// </summary>
internal sealed class LandmarkImagesReader : SampleReader<LandmarkImagesReader.Split>
{
    internal sealed record Split(IReadOnlyList<string> Folders, string? List, string? ExceptList, SequenceHalf Half);

    private readonly LandmarkFormat format;
    private readonly bool images;
    private readonly CropSettings crop;
    private readonly KeypointMapping mapping;

    private LandmarkImagesReader(
        LandmarkFormat format,
        bool images,
        CropSettings crop,
        KeypointMapping mapping,
        IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.format = format;
        this.images = images;
        this.crop = crop;
        this.mapping = mapping;
    }

    internal static LandmarkImagesReader Parse(YamlSection section, YamlValue? splits)
    {
        var format = LandmarkFormat.Parse(section.Required("format"));
        bool images = section.Optional("images")?.AsBoolean() ?? true;
        var crop = CropSettings.Parse(section, margin: 0.15f);
        var mapping = KeypointMapping.Parse(section);
        section.RejectUnknownKeys();
        return new LandmarkImagesReader(format, images, crop, mapping, SplitSettings.Parse(section, splits, split => new Split(
            split.Required("folders").AsStrings(), split.Optional("list")?.AsString(), split.Optional("except_list")?.AsString(),
            split.ParseHalf())));
    }

    private protected override IEnumerable<Sample> ListSplit(string split, string dataRoot, bool withLabels, DatasetOptions options)
    {
        Split settings = Settings(split);
        (string Folder, string Name)[] found = [.. settings.Folders.SelectMany(
            folder => format.Find(SetFolder.Require(dataRoot, folder)).Select(name => (folder, name)))];
        if (settings.List is string list)
            found = Restrict(found, list, dataRoot, keep: true);
        if (settings.ExceptList is string except)
            found = Restrict(found, except, dataRoot, keep: false);
        foreach ((string folder, string name) in settings.Half.Of<(string, string)>(found).ToArray())
        {
            options.Cancellation.ThrowIfCancellationRequested();
            if (Make(dataRoot, folder, name) is Sample sample)
                yield return sample;
        }
    }

    private Sample? Make(string dataRoot, string folder, string name)
    {
        string landmarks = Path.Combine(dataRoot, folder, name);
        if (format.Read(landmarks) is not Vector2[] points)
            return null;
        if (crop.Around(points) is not Box box)
            throw new InvalidDataException($"{landmarks}: the landmarks lie in one point.");
        string place = $"{folder}/{name}";
        string image = images ? format.ImageOf(landmarks) : "";
        return new Sample(image, images
            ? $"{folder}/{Path.GetRelativePath(Path.Combine(dataRoot, folder), image).Replace('\\', '/')}"
            : place, place, skeleton => Pick(points, skeleton, landmarks))
        {
            Box = box,
        };
    }

    private Vector2[] Pick(Vector2[] points, Skeleton skeleton, string path)
    {
        if (format.Names is not null)
            return new KeypointNames(format.Names, mapping).Pick(points, skeleton);
        return points.Length == skeleton.Count
            ? points
            : throw new InvalidDataException(
                $"{path} has {points.Length} points; skeleton '{skeleton.Name}' has {skeleton.Count} keypoints.");
    }

    private (string, string)[] Restrict((string Folder, string Name)[] found, string list, string dataRoot, bool keep)
    {
        string path = Path.Combine(dataRoot, list);
        string[] lines = TextNumbers.Lines(path);
        HashSet<string> wanted = [.. lines.Select(line => line.Trim().Replace('\\', '/')).Where(line => line.Length > 0)];
        HashSet<string> known = [.. found.Select(item => format.ImageName(item.Name))];
        int unknown = Array.FindIndex(lines, line => line.Trim().Length > 0 && !known.Contains(line.Trim().Replace('\\', '/')));
        if (unknown >= 0)
        {
            throw new InvalidDataException(
                $"{path}:{unknown + 1}: '{lines[unknown].Trim()}' is no image with landmarks in "
                + $"{string.Join(", ", found.Select(item => item.Folder).Distinct())}.");
        }
        return [.. found.Where(item => wanted.Contains(format.ImageName(item.Name)) == keep)];
    }
}
