using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Scoring.Inputs;

/// <summary>The boxes of a boxes file, or those that were found in the videos, by frame of the inputs.</summary>
public sealed class BoxTable
{
    private readonly string path;
    private readonly Dictionary<string, SortedDictionary<long, List<TrackedBox>>> sources = new(StringComparer.Ordinal);

    private readonly IReadOnlyDictionary<string, string> faults;

    private BoxTable(string path, IEnumerable<TrackedBox> boxes, IReadOnlyDictionary<string, string> faults)
    {
        (this.path, this.faults) = (path, faults);
        foreach (TrackedBox box in boxes)
        {
            string source = box.Source ?? "";
            if (!sources.TryGetValue(source, out SortedDictionary<long, List<TrackedBox>>? frames))
                sources.Add(source, frames = []);
            if (!frames.TryGetValue(box.Frame, out List<TrackedBox>? items))
                frames.Add(box.Frame, items = []);
            items.Add(box);
        }
        NamesNoSource = sources.ContainsKey("");
        if (NamesNoSource && sources.Count > 1)
        {
            throw new InvalidDataException(
                $"{sources[""].First().Value[0].Where}: the box names no source, and others do. Name the input that it is of.");
        }
    }

    /// <summary>Whether no box names its source: they are then those of the only input.</summary>
    private bool NamesNoSource { get; }

    /// <summary>Reads a boxes file (see <see cref="BoxesCsvReader"/>).</summary>
    /// <param name="path">The file. Its column <c>source</c>, needed where there is more than one input, holds the inputs' names.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It cannot be read; the message names file and line.</exception>
    public static BoxTable Read(string path) => Read(path, new Dictionary<string, string>());

    /// <summary>Reads a boxes file of videos of which some could not be looked through.</summary>
    /// <param name="path">The file.</param>
    /// <param name="faults">Why, by the names of those videos.</param>
    internal static BoxTable Read(string path, IReadOnlyDictionary<string, string> faults) =>
        new(path, BoxesCsvReader.Read(path), faults);

    /// <summary>The boxes that were found in videos.</summary>
    /// <param name="boxes">All name their source.</param>
    /// <param name="faults">Why none were found, by the names of the videos that could not be looked through.</param>
    internal static BoxTable Of(IEnumerable<TrackedBox> boxes, IReadOnlyDictionary<string, string> faults) =>
        new("the boxes found", boxes, faults);

    /// <summary>Why a video could not be looked through, by its name.</summary>
    internal IReadOnlyDictionary<string, string> Faults => faults;

    /// <summary>Whether there is any box.</summary>
    internal bool IsEmpty => sources.Count == 0;

    /// <summary>Writes the boxes as a boxes file, <see cref="Faults"/> not included.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(string file) => AtomicFile.Write(file, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("source,frame,track,x,y,width,height");
        foreach (TrackedBox item in sources.Values.SelectMany(frames => frames.Values).SelectMany(items => items))
        {
            (float x, float y, float width, float height) = item.Box;
            string place = FormattableString.Invariant($"{x},{y},{width},{height}");
            writer.WriteLine($"{CsvText.Quote(item.Source ?? "")},{item.Frame},{CsvText.Quote(item.Track)},{place}");
        }
    });

    /// <summary>Compares the boxes with the inputs that they are for, passing the inputs on.</summary>
    /// <exception cref="InvalidDataException">
    /// While enumerating: the boxes name another source than the inputs, or a frame other than 0 of an image; the
    /// message names file and line.
    /// </exception>
    internal IEnumerable<InputFile> Check(IEnumerable<InputFile> inputs)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        List<string> examples = [];
        long count = 0;
        foreach (InputFile input in inputs)
        {
            count++;
            if (NamesNoSource && count > 1)
            {
                throw new InvalidDataException(
                    $"{path}: there is more than one input, and the boxes do not say which they belong to. "
                    + $"Add a column 'source' with the inputs' names, such as '{input.Name}'.");
            }
            if (examples.Count < 5)
                examples.Add($"'{input.Name}'");
            if (FramesOf(input.Name) is { } frames)
            {
                names.Add(input.Name);
                if (input.IsImage && frames.FirstOrDefault(frame => frame.Key != 0) is { Value: { } wrong })
                {
                    throw new InvalidDataException(
                        $"{wrong[0].Where}: frame {wrong[0].Frame} of '{input.Name}', which is a still image; its only frame is 0.");
                }
            }
            yield return input;
        }
        if (!NamesNoSource && sources.FirstOrDefault(source => !names.Contains(source.Key)) is { Value: { } unknown })
        {
            throw new InvalidDataException(
                $"{unknown.First().Value[0].Where}: there is no input '{unknown.First().Value[0].Source}'; "
                + $"the inputs' names are {string.Join(", ", examples)}{(count > examples.Count ? ", …" : "")}.");
        }
    }

    /// <summary>The boxes of one frame; empty where there is none.</summary>
    internal IReadOnlyList<TrackedBox> Of(string source, long frame) =>
        FramesOf(source) is { } frames && frames.TryGetValue(frame, out List<TrackedBox>? items) ? items : [];

    /// <summary>The frames of a source that have boxes, from <paramref name="first"/> on.</summary>
    internal IEnumerable<long> FramesFrom(string source, long first) => FramesOf(source)?.Keys.SkipWhile(frame => frame < first) ?? [];

    private SortedDictionary<long, List<TrackedBox>>? FramesOf(string source) => sources.GetValueOrDefault(NamesNoSource ? "" : source);
}
