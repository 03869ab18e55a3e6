using KeypointMl.Data.Csv;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers;

/// <summary>
/// Reads a tracker's boxes: CSV with the columns <c>frame,track,x,y,width,height</c>, in pixels, and <c>source</c>
/// where they are of several videos or images.
/// </summary>
public static class BoxesCsvReader
{
    /// <summary>The boxes of a range of frames, track by track in order of first appearance, each track in order of time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="firstFrame">Boxes of earlier frames are left out.</param>
    /// <param name="lastFrame">Boxes of later frames are left out.</param>
    /// <returns>At least one box.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// A column is missing, a value is not a number, a box is empty or stands twice, or no box is left; the message
    /// names file and line.
    /// </exception>
    public static IReadOnlyList<TrackedBox> Read(string path, long firstFrame = 0, long lastFrame = long.MaxValue)
    {
        using var table = new CsvTable(path);
        (int frame, int track, int x, int y, int width, int height) =
            (table.Column("frame"), table.Column("track"), table.Column("x"), table.Column("y"), table.Column("width"),
                table.Column("height"));
        int? source = table.FindColumn("source");
        var tracks = new Dictionary<(string? Source, string Track), SortedDictionary<long, TrackedBox>>();
        while (table.Read())
        {
            long number = table.WholeNumber(frame);
            var box = new Box(table.FiniteNumber(x), table.FiniteNumber(y), table.FiniteNumber(width), table.FiniteNumber(height));
            if (box.Width <= 0 || box.Height <= 0)
                throw table.Error($"the box is {box.Width}×{box.Height} pixels; both sides must be greater than 0");
            if (!ImageCropper.CanCrop(box))
            {
                throw table.Error($"the box ({box.X}, {box.Y}, {box.Width}×{box.Height}) has a number beyond {ImageCropper.MaxBoxSide:N0}; "
                    + "expected pixels of the video or image");
            }
            if (number < firstFrame || number > lastFrame)
                continue;
            (string? Source, string Track) key = (source is int column ? table.Text(column) : null, table.Text(track));
            if (!tracks.TryGetValue(key, out SortedDictionary<long, TrackedBox>? boxes))
                tracks.Add(key, boxes = []);
            if (!boxes.TryAdd(number, new TrackedBox(number, key.Track, box, $"{path}:{table.Line}", key.Source)))
                throw table.Error($"frame {number}{(key.Source is null ? "" : $" of {key.Source}")} has two boxes of track {key.Track}");
        }
        return tracks.Count > 0
            ? [.. tracks.Values.SelectMany(boxes => boxes.Values)]
            : throw new InvalidDataException(
                $"{path} has no box{(lastFrame == long.MaxValue ? "" : $" in frames {firstFrame} to {lastFrame}")}.");
    }
}
