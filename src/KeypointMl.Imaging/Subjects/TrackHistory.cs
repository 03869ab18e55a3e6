using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Holds frames back for a while, so that what comes next is known: centres are smoothed (Savitzky and Golay's quadratic over
/// five frames), short gaps are filled in, tracks that end at once are left out, and
/// events are told.
/// </summary>
internal sealed class TrackHistory(GreyPlane geometry, float size)
{
    /// <summary>How many frames are held back.</summary>
    internal const int Delay = 8;

    private const int Behind = 2;
    // What the mean of five frames is off by more than this is no noise but a jump: pixels of the plane.
    private const float Jump = 1.5f;
    private static readonly float[] Weights = [-3 / 35f, 12 / 35f, 17 / 35f, 12 / 35f, -3 / 35f];

    private sealed record Entry(
        long Number,
        Dictionary<SubjectTrack, Sighting> Sightings,
        IReadOnlyList<SubjectTrack> Alive,
        RgbImage? Image);

    private sealed class Written
    {
        public long Frame { get; set; }

        public Vector2 Centre { get; set; }

        public bool IsLost { get; set; }

        public HashSet<SubjectTrack> Touching { get; } = [];
    }

    private readonly List<Entry> window = [];
    private readonly Dictionary<SubjectTrack, Written> written = [];
    private int current;
    private int tracks;

    /// <summary>Takes the next frame.</summary>
    /// <returns>The frame that is old enough now; null before there is one.</returns>
    internal FoundFrame? Add(long number, Dictionary<SubjectTrack, Sighting> sightings, IReadOnlyList<SubjectTrack> alive, RgbImage? image)
    {
        window.Add(new Entry(number, sightings, [.. alive], image));
        return window.Count - current > Delay ? Next() : null;
    }

    /// <summary>The frames that are still held back.</summary>
    internal IEnumerable<FoundFrame> Rest()
    {
        while (current < window.Count)
            yield return Next();
    }

    private FoundFrame Next()
    {
        Entry entry = window[current];
        List<FoundSubject> subjects = [];
        List<SubjectEvent> events = [];
        foreach (SubjectTrack track in entry.Alive.Where(track => track.IsConfirmed && track.First <= entry.Number))
        {
            if (Place(track) is (var centre, var score))
            {
                Begin(track, entry.Number, events);
                Written last = written[track];
                if (last.IsLost)
                    events.Add(new SubjectEvent(entry.Number, SubjectEventKind.Found, track.Number!.Value));
                (last.Frame, last.Centre, last.IsLost) = (entry.Number, centre, false);
                subjects.Add(new FoundSubject(track.Number!.Value, BoxAround(centre), score));
            }
            else if (written.TryGetValue(track, out Written? last) && !last.IsLost)
            {
                last.IsLost = true;
                events.Add(new SubjectEvent(entry.Number, SubjectEventKind.Lost, track.Number!.Value));
            }
        }
        AddTouching(entry, events);
        foreach (SubjectTrack track in written.Keys.Except(entry.Alive).ToArray())
        {
            events.Add(new SubjectEvent(entry.Number, SubjectEventKind.Ended, track.Number!.Value));
            written.Remove(track);
        }
        if (++current > Behind)
        {
            window.RemoveAt(0);
            current--;
        }
        return new FoundFrame(entry.Number, [.. subjects.OrderBy(subject => subject.Track)], events) { Image = entry.Image };
    }

    private void Begin(SubjectTrack track, long frame, List<SubjectEvent> events)
    {
        if (track.Number is not null)
            return;
        track.Number = tracks++;
        written.Add(track, new Written());
        events.Add(new SubjectEvent(frame, SubjectEventKind.Begun, track.Number.Value));
    }

    // Where the track is in the current frame, smoothed or between two others; null where it is not seen.
    private (Vector2 Centre, float Score)? Place(SubjectTrack track)
    {
        if (window[current].Sightings.TryGetValue(track, out Sighting sighting))
            return (Smooth(track) ?? sighting.Centre, sighting.Score);
        if (!written.TryGetValue(track, out Written? last) || last.Frame != window[current].Number - 1)
            return null;
        Entry? next = window.Skip(current + 1).FirstOrDefault(entry => entry.Sightings.ContainsKey(track));
        return next is null ? null : (Vector2.Lerp(last.Centre, next.Sightings[track].Centre, 1f / (next.Number - last.Frame)), 0);
    }

    private Vector2? Smooth(SubjectTrack track)
    {
        if (current < Behind || current + Behind >= window.Count)
            return null;
        Vector2 sum = Vector2.Zero;
        for (int i = -Behind; i <= Behind; i++)
        {
            if (!window[current + i].Sightings.TryGetValue(track, out Sighting sighting))
                return null;
            sum += sighting.Centre * Weights[i + Behind];
        }
        return Vector2.Distance(sum, window[current].Sightings[track].Centre) < Jump ? sum : null;
    }

    private void AddTouching(Entry entry, List<SubjectEvent> events)
    {
        foreach ((SubjectTrack track, Written state) in written)
        {
            if (!entry.Sightings.TryGetValue(track, out Sighting sighting))
                continue;
            SubjectTrack[] now = [.. sighting.Touching.Where(written.ContainsKey)];
            foreach (SubjectTrack other in now.Where(other => state.Touching.Add(other) && track.Number < other.Number))
                events.Add(new SubjectEvent(entry.Number, SubjectEventKind.Merged, track.Number!.Value, other.Number));
            foreach (SubjectTrack other in state.Touching.Except(now).ToArray())
            {
                state.Touching.Remove(other);
                if (track.Number < other.Number)
                    events.Add(new SubjectEvent(entry.Number, SubjectEventKind.Separated, track.Number!.Value, other.Number));
            }
        }
    }

    private Box BoxAround(Vector2 centre)
    {
        Vector2 corner = geometry.ToFrame(centre) - new Vector2((size - 1) / 2);
        return new Box(corner.X, corner.Y, size, size);
    }
}
