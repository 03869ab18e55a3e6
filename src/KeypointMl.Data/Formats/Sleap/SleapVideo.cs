using System.Globalization;
using System.Text.Json;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Data.Formats.Tables;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>A video of a SLEAP file: a file, a sequence of images, or (in a package) images inside the file.</summary>
/// <param name="FileName">The file; empty for a sequence of images.</param>
/// <param name="Images">The images of a sequence.</param>
/// <param name="Dataset">The data set of a video that is HDF5, such as <c>video0/video</c>; empty for others.</param>
internal sealed record SleapVideo(string FileName, IReadOnlyList<string>? Images, string Dataset)
{
    private const string Prefix = "video";

    /// <summary>The images that are in the SLEAP file itself; null where there are none.</summary>
    internal SleapPackage? Package { get; private init; }

    /// <summary>What frames call this video: the number in the name of its data set, where it has one.</summary>
    internal int? Id => Dataset.Split('/')[0] is string group && group.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(group.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;

    internal static SleapVideo Read(JsonPlace item)
    {
        JsonPlace backend = item.Optional("backend") ?? item;
        JsonPlace name = backend.Optional("filename") ?? item.Required("filename");
        JsonPlace? list = backend.Optional("filenames") is { Element.ValueKind: JsonValueKind.Array } names
            && names.Element.GetArrayLength() > 0 ? names
            : name.Element.ValueKind == JsonValueKind.Array ? name : null;
        return list is JsonPlace images
            ? new SleapVideo("", [.. images.Items().Select(image => Slashes(image.Text()))], "")
            : new SleapVideo(Slashes(name.Text()), null, backend.Optional("dataset")?.Text() ?? "");
    }

    /// <summary>The video with the images that the SLEAP file holds of it, and the name of the one that they were taken from.</summary>
    internal SleapVideo Resolve(Hdf5Source source)
    {
        // A package calls itself '.'.
        if (Dataset.Length == 0 || (FileName != "." && Path.GetFileName(FileName) != Path.GetFileName(source.Path)))
            return this;
        string group = Dataset.Contains('/') ? Dataset[..Dataset.LastIndexOf('/')] : "";
        var package = SleapPackage.Find(source, Dataset, group);
        string? json = source.Find($"{group}/source_video")?.Attribute("json")?.Text();
        if (json is null)
            return this with { FileName = Path.GetFileName(source.Path), Package = package };
        string where = $"{group}/source_video.json";
        using JsonDocument document = SleapJson.Parse(source, where, json);
        SleapVideo original = Read(new JsonPlace(document.RootElement, source.Path, where));
        return original.FileName == "."
            ? this with { FileName = Path.GetFileName(source.Path), Package = package }
            : this with { FileName = original.FileName, Images = original.Images, Package = package };
    }

    /// <summary>The file that holds a frame, and the frame's number in it.</summary>
    internal (string Source, long Frame) Place(int frame, string where) =>
        Images is null ? (FileName, frame)
        : frame < Images.Count ? (Images[frame], 0)
        : throw new InvalidDataException($"{where}: is of image {frame} of a sequence of {Images.Count}.");

    private static string Slashes(string path) => path.Replace('\\', '/');
}
