using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>Reads a tracker's boxes: CSV with the columns <c>frame,track,x,y,width,height</c>, in pixels.</summary>
internal static class BoxesCsvReader
{
    /// <summary>The boxes of a range of frames, track by track in order of first appearance, each track in order of time.</summary>
    internal static IReadOnlyList<TrackedBox> Read(string path, long firstFrame, long lastFrame)
    {
        using var table = new CsvTable(path);
        (int frame, int track, int x, int y, int width, int height) =
            (table.Column("frame"), table.Column("track"), table.Column("x"), table.Column("y"), table.Column("width"), table.Column("height"));
        var tracks = new Dictionary<string, SortedDictionary<long, TrackedBox>>(StringComparer.Ordinal);
        while (table.Read())
        {
            long number = table.WholeNumber(frame);
            var box = new Box(table.FiniteNumber(x), table.FiniteNumber(y), table.FiniteNumber(width), table.FiniteNumber(height));
            if (box.Width <= 0 || box.Height <= 0)
                throw table.Error($"the box is {box.Width}×{box.Height} pixels; both sides must be greater than 0");
            if (number < firstFrame || number > lastFrame)
                continue;
            string name = table.Text(track);
            if (!tracks.TryGetValue(name, out SortedDictionary<long, TrackedBox>? boxes))
                tracks.Add(name, boxes = []);
            if (!boxes.TryAdd(number, new TrackedBox(number, name, box, $"{path}:{table.Line}")))
                throw table.Error($"frame {number} has two boxes of track {name}");
        }
        return tracks.Count > 0
            ? [.. tracks.Values.SelectMany(boxes => boxes.Values)]
            : throw new InvalidDataException($"{path} has no box in frames {firstFrame} to {lastFrame}.");
    }
}
