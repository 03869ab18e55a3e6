using System.Globalization;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Subjects;

/// <summary>What was found in a video.</summary>
/// <param name="Name">The video's name in the boxes file.</param>
public sealed record SubjectSearchResult(string Name)
{
    private const int MostTracksTold = 20;

    private readonly Dictionary<int, (long First, long Last, long Boxes)> tracks = [];
    private readonly Dictionary<SubjectEventKind, long> events = [];

    /// <summary>Why it could not be used; null where it could.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// Whether it failed because the camera moves or the subject fills the frame: whole frames may serve in place of boxes.
    /// </summary>
    public bool NeedsWholeFrames { get; init; }

    /// <summary>The side of its boxes in pixels.</summary>
    public float Size { get; init; }

    /// <summary>How the subjects differ from the ground: <c>brighter</c>, <c>darker</c> or <c>both</c>.</summary>
    public string Contrast { get; init; } = "";

    /// <summary>How many frames it has.</summary>
    public long Frames { get; private set; }

    /// <summary>In how many of them nothing was found.</summary>
    public long EmptyFrames { get; private set; }

    /// <summary>How many boxes lie between two frames in which the subject was seen.</summary>
    public long FilledIn { get; private set; }

    /// <summary>How many subjects were followed.</summary>
    public int Tracks => tracks.Count;

    /// <summary>How long it took, the samples included.</summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>Whether a sheet of doubtful frames was asked for, and none is.</summary>
    internal bool NothingIsDoubtful { get; set; }

    /// <summary>How often something happened to tracks.</summary>
    public long EventsOf(SubjectEventKind kind) => events.GetValueOrDefault(kind);

    /// <summary>That a video could not be used, in words that name it.</summary>
    internal static SubjectSearchResult Failed(string path, string name, Exception error)
    {
        string shown = PrintableText.Of(path);
        bool namesIt = error.Message.Contains(shown, StringComparison.Ordinal);
        return new SubjectSearchResult(name)
        {
            Error = namesIt ? error.Message : $"{shown}: {error.Message}",
            NeedsWholeFrames = WholeFrames.AreAdvisedBy(error),
        };
    }

    internal void Count(FoundFrame frame)
    {
        Frames++;
        EmptyFrames += frame.Subjects.Count == 0 ? 1 : 0;
        foreach (FoundSubject subject in frame.Subjects)
        {
            FilledIn += subject.Score == 0 ? 1 : 0;
            (long first, _, long boxes) = tracks.GetValueOrDefault(subject.Track, (frame.Number, 0, 0));
            tracks[subject.Track] = (first, frame.Number, boxes + 1);
        }
        foreach (SubjectEvent happened in frame.Events)
            events[happened.Kind] = EventsOf(happened.Kind) + 1;
    }

    /// <summary>A line about the video, and one for each track.</summary>
    public override string ToString()
    {
        if (Error is not null)
            return Error;
        string ground = Contrast == "both" ? "brighter and darker than the ground" : $"{Contrast} than the ground";
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: {Frames} frames, {Tracks} tracks, boxes of {Size:0.#} pixels around what is {ground}; "
            + $"{EmptyFrames} frames without a box, {FilledIn} boxes filled in; "
            + $"{EventsOf(SubjectEventKind.Lost)} times lost, {EventsOf(SubjectEventKind.Found)} found again, "
            + $"{EventsOf(SubjectEventKind.Merged)} merged, {EventsOf(SubjectEventKind.Separated)} separated, "
            + $"{EventsOf(SubjectEventKind.Ended)} ended{(NothingIsDoubtful ? "; no frame is doubtful" : "")}; "
            + $"{Elapsed.TotalSeconds:F1} s, {Frames / Elapsed.TotalSeconds:F1} frames/s");
        IEnumerable<string> lines = tracks.OrderBy(track => track.Key).Take(MostTracksTold).Select(track => string.Create(
            CultureInfo.InvariantCulture,
            $"  track {track.Key}: {track.Value.Boxes} boxes in frames {track.Value.First} to {track.Value.Last}"));
        string rest = tracks.Count > MostTracksTold ? $"\n  and {tracks.Count - MostTracksTold} more" : "";
        return string.Join('\n', [text, .. lines]) + rest;
    }
}
