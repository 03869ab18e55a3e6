using KeypointMl.Data;

namespace KeypointMl.Scoring;

/// <summary>The boxes of a boxes file, by frame of the inputs.</summary>
public sealed class BoxTable
{
    private readonly Dictionary<string, SortedDictionary<long, List<TrackedBox>>> sources = new(StringComparer.Ordinal);

    private BoxTable(IEnumerable<TrackedBox> boxes, string onlySource)
    {
        foreach (TrackedBox box in boxes)
        {
            string source = box.Source ?? onlySource;
            if (!sources.TryGetValue(source, out SortedDictionary<long, List<TrackedBox>>? frames))
                sources.Add(source, frames = []);
            if (!frames.TryGetValue(box.Frame, out List<TrackedBox>? items))
                frames.Add(box.Frame, items = []);
            items.Add(box);
        }
    }

    /// <summary>Reads a boxes file (see <see cref="BoxesCsvReader"/>) and compares it with the inputs that it is for.</summary>
    /// <param name="path">The file. Its column <c>source</c>, needed where there is more than one input, holds the inputs' names.</param>
    /// <param name="inputs">The inputs.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It cannot be read, names another source than the inputs, or a frame other than 0 of an image; the message names file and line.</exception>
    public static BoxTable Read(string path, IReadOnlyList<InputFile> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        IReadOnlyList<TrackedBox> boxes = BoxesCsvReader.Read(path);
        Dictionary<string, InputFile> byName = inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
        foreach (TrackedBox box in boxes)
        {
            if (box.Source is null && inputs.Count > 1)
                throw new InvalidDataException($"{path}: there are {inputs.Count} inputs, and the boxes do not say which they belong to. Add a column 'source' with the inputs' names, such as '{inputs[0].Name}'.");
            if (!byName.TryGetValue(box.Source ?? inputs[0].Name, out InputFile input))
                throw new InvalidDataException($"{box.Where}: there is no input '{box.Source}'; the inputs' names are {string.Join(", ", inputs.Take(5).Select(file => $"'{file.Name}'"))}{(inputs.Count > 5 ? ", …" : "")}.");
            if (input.IsImage && box.Frame != 0)
                throw new InvalidDataException($"{box.Where}: frame {box.Frame} of '{input.Name}', which is a still image; its only frame is 0.");
        }
        return new BoxTable(boxes, inputs[0].Name);
    }

    /// <summary>The boxes of one frame; empty where there is none.</summary>
    internal IReadOnlyList<TrackedBox> Of(string source, long frame) =>
        sources.TryGetValue(source, out SortedDictionary<long, List<TrackedBox>>? frames) && frames.TryGetValue(frame, out List<TrackedBox>? items) ? items : [];

    /// <summary>The frames of a source that have boxes, from <paramref name="first"/> on.</summary>
    internal IEnumerable<long> FramesFrom(string source, long first) =>
        sources.TryGetValue(source, out SortedDictionary<long, List<TrackedBox>>? frames) ? frames.Keys.Where(frame => frame >= first) : [];
}
