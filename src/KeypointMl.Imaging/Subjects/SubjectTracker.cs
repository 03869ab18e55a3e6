using System.Numerics;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Follows subjects from frame to frame: blobs are assigned to tracks optimally, blobs that several tracks are in are divided,
/// and what is left begins new tracks.
/// </summary>
internal sealed class SubjectTracker
{
    private const float LeastBirth = 0.3f;
    private const float SeveralFrom = 1.7f;
    private const float SharedFrom = 1.25f;
    private const float AreaCost = 0.4f;
    private const float PatienceOfFrame = 0.02f;
    private const float MostPatience = 0.5f;
    private const int JoinPatience = 3;
    private const float UnlimitedGate = 20;
    private const float GateOfLeap = 1.5f;

    private readonly SubjectProfile profile;
    private readonly SubjectFinderOptions options;
    private readonly (int Width, int Height) plane;
    private readonly float size;
    private readonly List<SubjectTrack> tracks = [];

    /// <param name="profile">What was learnt.</param>
    /// <param name="geometry">The planes' size.</param>
    /// <param name="options">What is known.</param>
    internal SubjectTracker(SubjectProfile profile, GreyPlane geometry, SubjectFinderOptions options)
    {
        (this.profile, this.options) = (profile, options);
        plane = (geometry.Width, geometry.Height);
        size = profile.Size / geometry.Factor;
    }

    /// <summary>The tracks that have not ended.</summary>
    internal IReadOnlyList<SubjectTrack> Tracks => tracks;

    /// <summary>Takes the blobs of the next frame.</summary>
    /// <returns>Where each track that is seen is.</returns>
    internal Dictionary<SubjectTrack, Sighting> Step(long frame, IReadOnlyList<Blob> found)
    {
        foreach (SubjectTrack track in tracks)
            track.Predict();
        List<Blob> blobs = Fragments.Join(found, tracks, profile.Area, size);
        List<SubjectTrack>[] members = Assign(frame, blobs);
        Share(frame, blobs, members);
        FindAgain(frame, blobs, members);
        var sightings = new Dictionary<SubjectTrack, Sighting>();
        for (int b = 0; b < blobs.Count; b++)
        {
            if (members[b].Count == 1)
                SeeAlone(frame, blobs[b], members[b][0], sightings);
            else if (members[b].Count > 1)
                SeeTouching(frame, blobs[b], members[b], sightings);
        }
        foreach (SubjectTrack track in tracks.Where(track => track.Last != frame))
            track.Miss();
        tracks.RemoveAll(track => IsOver(track, frame));
        for (int b = 0; b < blobs.Count; b++)
        {
            if (members[b].Count == 0)
                Begin(frame, blobs[b], sightings);
        }
        return sightings;
    }

    private bool IsOver(SubjectTrack track, long frame) =>
        track.Last != frame && (!track.IsConfirmed || (options.Count is null && frame - track.Last > options.MaxGap));

    private List<SubjectTrack>[] Assign(long frame, List<Blob> blobs)
    {
        double[,] costs = new double[tracks.Count, blobs.Count];
        for (int t = 0; t < tracks.Count; t++)
        {
            SubjectTrack track = tracks[t];
            long missed = frame - track.Last - 1;
            float patience = Math.Min(1 + 0.15f * missed, options.Count is null ? 4 : UnlimitedGate);
            float gate = (0.5f * size + track.Velocity.Length()) * patience;
            for (int b = 0; b < blobs.Count; b++)
                costs[t, b] = Cost(track, blobs[b], gate);
        }
        List<SubjectTrack>[] members = [.. blobs.Select(_ => new List<SubjectTrack>())];
        int[] partners = LinearAssignment.Solve(costs, alone: 1);
        for (int t = 0; t < partners.Length; t++)
        {
            if (partners[t] >= 0)
                members[partners[t]].Add(tracks[t]);
        }
        Leap(blobs, members);
        return members;
    }

    // How fast a new track is, nobody knows: one that is left without a blob takes one that is left, several sizes away.
    private void Leap(List<Blob> blobs, List<SubjectTrack>[] members) =>
        TakeFree(blobs, members, tracks.Where(track => !track.IsConfirmed), _ => GateOfLeap * size);

    // Where the number of subjects is known, a blob that is left is one that is missed, though it turned round.
    private void FindAgain(long frame, List<Blob> blobs, List<SubjectTrack>[] members)
    {
        if (tracks.Count != options.Count)
            return;
        IEnumerable<SubjectTrack> missed = tracks.Where(track => track.IsConfirmed && track.Touching.Count == 0);
        TakeFree(blobs, members, missed, track => (GateOfLeap * size + 2 * track.Velocity.Length()) * (frame - track.Last));
    }

    private void TakeFree(
        List<Blob> blobs, List<SubjectTrack>[] members, IEnumerable<SubjectTrack> seeking, Func<SubjectTrack, float> gate)
    {
        SubjectTrack[] left = [.. seeking.Except(members.SelectMany(list => list))];
        if (left.Length == 0)
            return;
        int[] free = [.. Enumerable.Range(0, blobs.Count).Where(b => members[b].Count == 0 && IsSubject(blobs[b]))];
        double[,] costs = new double[left.Length, free.Length];
        for (int t = 0; t < left.Length; t++)
        {
            for (int k = 0; k < free.Length; k++)
                costs[t, k] = Cost(left[t], blobs[free[k]], gate(left[t]));
        }
        int[] partners = LinearAssignment.Solve(costs, alone: 1);
        for (int t = 0; t < left.Length; t++)
        {
            if (partners[t] >= 0)
                members[free[partners[t]]].Add(left[t]);
        }
    }

    private bool IsSubject(Blob blob) => blob.Area >= LeastBirth * profile.Area;

    private static double Cost(SubjectTrack track, Blob blob, float gate) =>
        Vector2.Distance(track.Position, blob.Centre) / gate + AreaCost * Math.Abs(Math.Log(blob.Area / track.Area));

    // A track without a blob of its own may be in that of another.
    private void Share(long frame, List<Blob> blobs, List<SubjectTrack>[] members)
    {
        foreach (SubjectTrack track in tracks.Except(members.SelectMany(list => list)).ToArray())
        {
            if (!track.IsConfirmed || frame - track.Last > JoinPatience)
                continue;
            int nearest = -1;
            float least = 0.25f * size;
            for (int b = 0; b < blobs.Count; b++)
            {
                if (members[b].Count > 0 && blobs[b].DistanceTo(track.Position) is var distance && distance < least)
                    (nearest, least) = (b, distance);
            }
            if (nearest < 0)
                continue;
            bool touchedBefore = members[nearest].Exists(track.Touching.Contains);
            if (touchedBefore || blobs[nearest].Area > SharedFrom * members[nearest].Max(other => other.Area))
                members[nearest].Add(track);
        }
    }

    private void SeeAlone(long frame, Blob blob, SubjectTrack track, Dictionary<SubjectTrack, Sighting> sightings)
    {
        float score = Likeness(blob, track);
        track.See(blob, frame, isWhole: !blob.TouchesEdge(plane.Width, plane.Height));
        sightings[track] = new Sighting(track.Position, score, []);
    }

    private static void SeeTouching(long frame, Blob blob, List<SubjectTrack> together, Dictionary<SubjectTrack, Sighting> sightings)
    {
        Blob?[] parts = BlobSplitter.Split(blob, [.. together.Select(track => track.Shape)]);
        // All of the areas are seen: side by side. A quarter is missing: one covers the other, and passes by or, the longer it
        // takes the likelier, stays.
        float seen = 4 * blob.Area / together.Sum(track => track.Area) - 3;
        float trust = Math.Clamp(seen, Math.Min(MostPatience, PatienceOfFrame * together.Max(track => track.FramesTouching)), 1);
        for (int k = 0; k < parts.Length; k++)
        {
            if (parts[k] is not { } part)
                continue;
            SubjectTrack[] others = [.. together.Where((_, i) => i != k)];
            float score = Likeness(part, together[k]) / 2;
            together[k].SeeTouching(part, frame, others, trust);
            sightings[together[k]] = new Sighting(together[k].Position, score, others);
        }
    }

    private void Begin(long frame, Blob blob, Dictionary<SubjectTrack, Sighting> sightings)
    {
        int free = options.Count is int count ? count - tracks.Count : int.MaxValue;
        if (!IsSubject(blob) || free < 1)
            return;
        int number = blob.Area < SeveralFrom * profile.Area ? 1 : Math.Min(free, (int)MathF.Round(blob.Area / profile.Area));
        Blob[] parts = number == 1 ? [blob] : [.. BlobSplitter.Split(blob, number).OfType<Blob>()];
        SubjectTrack[] begun = [.. parts.Select(part => new SubjectTrack(part, frame))];
        foreach ((SubjectTrack track, Blob part) in begun.Zip(parts))
        {
            if (begun.Length > 1)
                track.SeeTouching(part, frame, [.. begun.Where(other => other != track)], trust: 1);
            tracks.Add(track);
            float score = Math.Min(1, part.Area / profile.Area) / (begun.Length > 1 ? 2 : 1);
            sightings[track] = new Sighting(track.Position, score, track.Touching);
        }
    }

    private static float Likeness(Blob blob, SubjectTrack track) =>
        Math.Min(blob.Area, track.Area) / Math.Max(blob.Area, track.Area);
}
