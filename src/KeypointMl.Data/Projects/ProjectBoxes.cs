using System.Globalization;
using System.Text;
using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Projects;

/// <summary>Takes the boxes of another program, or of <c>find</c>, into a project.</summary>
internal static class ProjectBoxes
{
    /// <summary>Writes a project's boxes file from the one that was given. Networks see squares: so the boxes become squares.</summary>
    /// <param name="media">The videos or images.</param>
    /// <param name="names">Their names, as the column <c>source</c> has them.</param>
    /// <param name="options">The project's.</param>
    /// <param name="output">The boxes file to write.</param>
    /// <param name="note">Is told what was taken.</param>
    /// <exception cref="InvalidDataException">
    /// The file cannot be read, names a video or image that is not there, or does not say of which of several a box is.
    /// </exception>
    internal static ProjectMedia Take(
        ProjectMedia media, IReadOnlyList<string> names, ProjectOptions options, string output, Action<string> note)
    {
        IReadOnlyList<TrackedBox> given = BoxesCsvReader.Read(options.Boxes!);
        bool isNamed = given[0].Source is not null;
        if (!isNamed && media.HasSources)
        {
            throw new InvalidDataException(
                $"{options.Boxes} lacks the column 'source', which says in which of the {names.Count} files of {options.MediaFolder} "
                + "a box is: their names, from that folder on.");
        }
        HashSet<string> known = [.. names];
        if (isNamed && given.FirstOrDefault(box => !known.Contains(box.Source!)) is { Source: { } stranger } wrong)
        {
            throw new InvalidDataException(
                $"{wrong.Where}: there is no '{PrintableText.Of(stranger)}' among the {names.Count} files of {options.MediaFolder}. Names "
                + $"start from there, such as '{names[0]}'.");
        }
        bool anyOblong = given.Any(box => box.Box.Width != box.Box.Height);
        AtomicFile.Write(output, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine($"{(media.HasSources ? "source," : "")}frame,track,x,y,width,height");
            foreach (TrackedBox box in given)
            {
                Box square = Square(box.Box, options.BoxSize);
                string source = media.HasSources ? $"{CsvText.Quote(box.Source!)}," : "";
                writer.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{source}{box.Frame},{CsvText.Quote(box.Track)},{square.X},{square.Y},{square.Width},{square.Height}"));
            }
        });
        string[] used = isNamed ? [.. names.Where(given.Select(box => box.Source!).ToHashSet().Contains)] : [names[0]];
        note($"{options.Boxes}: {given.Count} boxes of {given.Select(box => (box.Source, box.Track)).Distinct().Count()} tracks"
            + (options.BoxSize is float side ? string.Create(CultureInfo.InvariantCulture, $", now squares of {side} pixels")
                : anyOblong ? ", now squares of their longer sides: networks see squares" : ""));
        if (used.Length < names.Count)
            note($"{names.Count - used.Length} of {names.Count} files have no box, and are left out");
        return media.WithBoxes(used);
    }

    private static Box Square(Box box, float? size)
    {
        float side = size ?? Math.Max(box.Width, box.Height);
        return new Box(box.X + (box.Width - side) / 2, box.Y + (box.Height - side) / 2, side, side);
    }
}
