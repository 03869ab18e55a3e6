using System.Text.Json;

namespace KeypointMl.Data;

/// <summary>A video of a SLEAP file: a file, or a sequence of images.</summary>
internal sealed record SleapVideo(string FileName, IReadOnlyList<string>? Images)
{
    internal static SleapVideo Read(JsonPlace item)
    {
        JsonPlace backend = item.Optional("backend") ?? item;
        JsonPlace name = backend.Required("filename");
        JsonPlace? list = backend.Optional("filenames") is { Element.ValueKind: JsonValueKind.Array } names && names.Element.GetArrayLength() > 0 ? names
            : name.Element.ValueKind == JsonValueKind.Array ? name : null;
        return list is JsonPlace images
            ? new SleapVideo("", [.. images.Items().Select(image => Slashes(image.Text()))])
            : new SleapVideo(Slashes(name.Text()), null);
    }

    /// <summary>The file that holds a frame, and the frame's number in it.</summary>
    internal (string Source, long Frame) Place(int frame, string where) =>
        Images is null ? (FileName, frame)
        : frame < Images.Count ? (Images[frame], 0)
        : throw new InvalidDataException($"{where}: is of image {frame} of a sequence of {Images.Count}.");

    private static string Slashes(string path) => path.Replace('\\', '/');
}
