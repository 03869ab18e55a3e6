using System.Numerics;
using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Data.Formats.Mat;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>A format of landmark files that stand beside images.</summary>
internal sealed class LandmarkFormat
{
    private const int FrontalPoints = 68;
    private static readonly string[] ImageExtensions = [".jpg", ".png", ".jpeg"];

    private readonly string suffix;
    private readonly Func<string, Vector2[]?> read;
    private readonly bool appended;

    private LandmarkFormat(string suffix, bool appended, IReadOnlyList<string>? names, Func<string, Vector2[]?> read)
    {
        this.suffix = suffix;
        this.appended = appended;
        this.read = read;
        Names = names;
    }

    /// <summary>The names of the points, or null where they are known by their order alone.</summary>
    internal IReadOnlyList<string>? Names { get; }

    internal static LandmarkFormat Parse(YamlValue value) => value.AsOneOf("pts", "cat", "mat") switch
    {
        "pts" => new LandmarkFormat(".pts", appended: false, null, PtsFile.Read),
        "cat" => new LandmarkFormat(".cat", appended: true, CatFile.Keypoints, CatFile.Read),
        _ => new LandmarkFormat("_lm.mat", appended: false, null, ReadMultiPie),
    };

    /// <summary>The landmark files of a folder and the folders below it, in natural order, relative to it with forward slashes.</summary>
    internal IEnumerable<string> Find(string folder) => FolderTree.Walk(folder, hidden: true)
        .SelectMany(below => below.Names.Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).Select(name => below.Prefix + name))
        .Order(NaturalOrder.Comparer);

    /// <summary>The points of a file, or null where it is one that is left out.</summary>
    internal Vector2[]? Read(string path) => read(path);

    /// <summary>
    /// The name that lists of images have for a landmark file's image: with its extension where the landmark file's
    /// name has it too.
    /// </summary>
    internal string ImageName(string landmarks) => landmarks[..^suffix.Length];

    /// <summary>The image beside a landmark file.</summary>
    internal string ImageOf(string landmarks)
    {
        string stem = landmarks[..^suffix.Length];
        if (appended)
            return stem;
        return ImageExtensions.Select(extension => stem + extension).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"There is no image {stem}.jpg, .png or .jpeg beside {landmarks}.");
    }

    private static Vector2[]? ReadMultiPie(string path)
    {
        MatNumeric points = MatFile.Read(path)["pts"].AsNumeric().RequireMatrix(null, 2);
        int count = points.Dimensions[0];
        return count == FrontalPoints ? [.. MatPoints.OfColumns(points.ToDoubles(), count).Select(point => point - Vector2.One)] : null;
    }
}
