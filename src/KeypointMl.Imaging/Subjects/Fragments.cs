namespace KeypointMl.Imaging.Subjects;

/// <summary>Puts together what is of one subject although a gap is between: a leg, or a body that a marking or a wire divides.</summary>
internal static class Fragments
{
    private const float SmallPart = 0.35f;
    private const float WholePart = 1.15f;
    private const float Gap = 0.12f;
    private const float AtTrack = 2;

    /// <summary>Joins fragments.</summary>
    /// <param name="blobs">The blobs of a frame, largest first.</param>
    /// <param name="tracks">What was seen before: two that hold a track each stay two.</param>
    /// <param name="area">The usual area of a subject.</param>
    /// <param name="size">The side of its box, in pixels of the plane.</param>
    internal static List<Blob> Join(IReadOnlyList<Blob> blobs, IReadOnlyList<SubjectTrack> tracks, float area, float size)
    {
        List<Blob> joined = [];
        foreach (Blob blob in blobs)
        {
            int host = joined.FindIndex(other => Belongs(blob, other, area, size) && !HoldTracks(blob, other, tracks));
            if (host < 0)
                joined.Add(blob);
            else
                joined[host] = joined[host].With(blob);
        }
        return joined;
    }

    private static bool Belongs(Blob small, Blob large, float area, float size)
    {
        if (small.Area > SmallPart * area && small.Area + large.Area > WholePart * area)
            return false;
        (int Left, int Top, int Right, int Bottom) a = small.Bounds, b = large.Bounds;
        int dx = Math.Max(0, Math.Max(a.Left - b.Right, b.Left - a.Right));
        int dy = Math.Max(0, Math.Max(a.Top - b.Bottom, b.Top - a.Bottom));
        return Math.Max(dx, dy) <= Gap * size;
    }

    private static bool HoldTracks(Blob one, Blob other, IReadOnlyList<SubjectTrack> tracks)
    {
        SubjectTrack[] known = [.. tracks.Where(track => track.IsConfirmed)];
        return known.Any(track => Holds(one, track)) && known.Any(track => Holds(other, track) && !Holds(one, track));
    }

    private static bool Holds(Blob blob, SubjectTrack track) => blob.DistanceTo(track.Position) <= AtTrack;
}
