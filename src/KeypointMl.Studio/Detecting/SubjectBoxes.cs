using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;
using KeypointMl.Studio.Files;

namespace KeypointMl.Studio.Detecting;

/// <summary>A boxes file: where the subjects of images and videos are.</summary>
internal sealed class SubjectBoxes
{
    private readonly string path;
    private readonly SourceNames names;
    private readonly Dictionary<string, ILookup<long, TrackedBox>> sources;
    private readonly HashSet<string> known;

    /// <summary>Reads one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">Knows which image or video a name of it means.</param>
    /// <inheritdoc cref="BoxesCsvReader.Read" path="/exception"/>
    public SubjectBoxes(string path, SourceNames names)
    {
        (this.path, this.names) = (path, names);
        sources = BoxesCsvReader.Read(path).GroupBy(box => SourceNames.Plain(box.Source ?? ""), StringComparer.Ordinal)
            .ToDictionary(source => source.Key, source => source.ToLookup(box => box.Frame), StringComparer.Ordinal);
        known = [.. sources.Keys];
    }

    /// <summary>The boxes of a frame, empty where it has none; null where the file says nothing of the image or video.</summary>
    public IReadOnlyList<(string Track, Box Box)>? Of(string media, long frame) => names.SourceOf(media, known) is { } name
        ? [.. sources[name][frame].Select(box => (box.Track, box.Box))]
        : null;

    /// <summary>Whether the file says something of an image or video.</summary>
    public bool Has(string media) => names.SourceOf(media, known) is not null;

    /// <summary>Writes a file of the boxes of one video alone, named like the whole.</summary>
    /// <param name="media">The video.</param>
    /// <param name="folder">An empty folder.</param>
    /// <returns>The file; null where there are no boxes of the video.</returns>
    public string? WriteOf(string media, string folder)
    {
        if (names.SourceOf(media, known) is not { } name)
            return null;
        string file = Path.Combine(folder, Path.GetFileName(path));
        IEnumerable<string> lines = sources[name].SelectMany(frame => frame).Select(one => FormattableString.Invariant(
            $"{one.Frame},{CsvText.Quote(one.Track)},{one.Box.X},{one.Box.Y},{one.Box.Width},{one.Box.Height}"));
        File.WriteAllLines(file, lines.Prepend("frame,track,x,y,width,height"));
        return file;
    }
}
