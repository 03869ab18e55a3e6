using System.Numerics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Review;

/// <summary>Looks for faults in the poses of tracks.</summary>
/// <param name="skeleton">Names the K keypoints; without edges no bones, without pairs no flips.</param>
internal sealed class PoseFaults(Skeleton skeleton)
{
    private const int MostNamed = 3;
    private const int FarNeighbour = 3;
    private const double LeastLack = 0.1;
    private const double LeastJump = 0.05;
    private const double LeastJumpSpread = 0.005;
    private const double LeastBoneSpread = 0.08;
    private const double FlipSeverity = 0.7;
    private static readonly double LeastBoneChange = Math.Log(1.5);

    /// <summary>
    /// Rows in which keypoints have less confidence than a threshold and than they usually have: the root mean square of how
    /// much of it they lack.
    /// </summary>
    public IEnumerable<Fault> Confidence(IReadOnlyList<ReviewedTrack> tracks, float threshold)
    {
        double[] usual = [.. Enumerable.Range(0, skeleton.Count).Select(k =>
            UsualValues.Of(tracks.SelectMany(track => track.Rows).Select(row => (double)row.Confidence.Span[k])).Median)];
        foreach (PredictionRow row in tracks.SelectMany(track => track.Rows))
        {
            double[] lacks = [.. usual.Select((value, k) => Lack(row.Confidence.Span[k], Math.Min(threshold, value)))];
            double severity = Math.Sqrt(lacks.Average(lack => lack * lack));
            int[] worst = [.. Enumerable.Range(0, lacks.Length).Where(k => lacks[k] > 0).OrderByDescending(k => lacks[k])];
            if (severity >= LeastLack)
            {
                yield return new Fault(FaultKind.Confidence, row, severity, $"low confidence of {List(worst, k =>
                    FormattableString.Invariant($"{skeleton.Keypoints[k]} {row.Confidence.Span[k]:F2} (usually {usual[k]:F2})"))}", worst);
            }
        }
    }

    /// <summary>
    /// Rows in which keypoints are far from between where they are before and after, in sides of the box, measured by how far
    /// they usually are in that track.
    /// </summary>
    public IEnumerable<Fault> Jumps(ReviewedTrack track)
    {
        double?[][] leaps = [.. Enumerable.Range(0, track.Rows.Count).Select(i => LeapsOf(track, i))];
        UsualValues?[] usual = [.. Enumerable.Range(0, skeleton.Count).Select(k => UsualOf(leaps.Select(leap => leap[k])))];
        for (int i = 0; i < leaps.Length; i++)
        {
            double[] oddness = [.. leaps[i].Select((leap, k) =>
                leap > LeastJump ? usual[k]!.Value.OddnessOf(leap.Value, LeastJumpSpread) : 0)];
            if (Worst(oddness) is not { } worst)
                continue;
            double?[] leap = leaps[i];
            string words = $"jump of {List(worst, k => FormattableString.Invariant($"{skeleton.Keypoints[k]} by {leap[k]:F2} boxes"))}";
            yield return new Fault(
                FaultKind.Jump, track.Rows[i], UsualValues.SeverityOf(oddness[worst[0]]),
                FormattableString.Invariant($"{words} ({oddness[worst[0]]:F0} times its usual spread)"), worst);
        }
    }

    /// <summary>Rows in which the distance between two joined keypoints, in sides of the box, is far from its median.</summary>
    /// <param name="track">The track.</param>
    /// <param name="usual">What is usual for each edge; null where nothing is known.</param>
    public IEnumerable<Fault> Bones(ReviewedTrack track, UsualValues?[] usual)
    {
        foreach (PredictionRow row in track.Rows)
        {
            double?[] lengths = LengthsOf(row);
            double[] oddness = [.. lengths.Select((length, e) => length is { } log && usual[e] is { } known
                && Math.Abs(log - known.Median) > LeastBoneChange ? known.OddnessOf(log, LeastBoneSpread) : 0)];
            if (Worst(oddness) is not { } worst)
                continue;
            string words = List(worst, e => FormattableString.Invariant(
                $"{NameOf(skeleton.Edges[e])} {Math.Exp(lengths[e]!.Value - usual[e]!.Value.Median):F1} times its usual length"));
            int[] keypoints = [.. worst.SelectMany(e => skeleton.Edges[e].From.Concat(skeleton.Edges[e].To)).Distinct()];
            yield return new Fault(FaultKind.Bone, row, UsualValues.SeverityOf(oddness[worst[0]]), words, keypoints);
        }
    }

    /// <summary>What is usual for the length of each edge among rows.</summary>
    public UsualValues?[] UsualBones(IEnumerable<PredictionRow> rows)
    {
        double?[][] lengths = [.. rows.Select(LengthsOf)];
        return [.. Enumerable.Range(0, skeleton.Edges.Length).Select(e => UsualOf(lengths.Select(length => length[e])))];
    }

    /// <summary>The first rows of stretches in which left and right look exchanged (see <see cref="ResolvedFlips"/>).</summary>
    public IEnumerable<Fault> Flips(ReviewedTrack track)
    {
        if (skeleton.SymmetricPairs.IsEmpty)
            yield break;
        var settings = new ResolvedFlips();
        var costs = new FlipCosts(skeleton, settings.Prior);
        var flips = new FlipTrack(costs);
        bool[] exchanged = new bool[track.Rows.Count];
        for (int i = 0; i < exchanged.Length; i++)
        {
            int place = i;
            if (flips.IsLostAt(track.Rows[i], settings.MaxGap))
                flips.Close();
            if (costs.Knows(track.Rows[i]))
                flips.Add(track.Rows[i], isExchanged => exchanged[place] = isExchanged);
        }
        flips.Close();
        int[] keypoints = [.. skeleton.SymmetricPairs.SelectMany(pair => new[] { pair.Left, pair.Right })];
        for (int i = 0; i < exchanged.Length; i++)
        {
            if (!exchanged[i] || (i > 0 && exchanged[i - 1]))
                continue;
            int last = i;
            while (last + 1 < exchanged.Length && exchanged[last + 1])
                last++;
            long until = track.Rows[last].Frame;
            string words = last == i
                ? "left and right look exchanged in this frame"
                : FormattableString.Invariant($"left and right look exchanged from here to frame {until}");
            yield return new Fault(FaultKind.Flip, track.Rows[i], FlipSeverity, words, keypoints);
        }
    }

    private double?[] LeapsOf(ReviewedTrack track, int i)
    {
        var leaps = new double?[skeleton.Count];
        bool isAtEnd = i == 0 || i + 1 == track.Rows.Count;
        if (isAtEnd || track.MissingBefore(i) >= FarNeighbour || track.MissingBefore(i + 1) >= FarNeighbour)
            return leaps;
        (PredictionRow before, PredictionRow row, PredictionRow after) = (track.Rows[i - 1], track.Rows[i], track.Rows[i + 1]);
        float part = (row.Frame - before.Frame) / (float)Math.Max(1, after.Frame - before.Frame);
        for (int k = 0; k < leaps.Length; k++)
        {
            var between = Vector2.Lerp(before.Keypoints.Span[k], after.Keypoints.Span[k], part);
            float leap = Vector2.Distance(row.Keypoints.Span[k], between) / ReviewedTrack.SideOf(row);
            leaps[k] = float.IsFinite(leap) ? leap : null;
        }
        return leaps;
    }

    private double?[] LengthsOf(PredictionRow row)
    {
        var lengths = new double?[skeleton.Edges.Length];
        for (int e = 0; e < lengths.Length; e++)
        {
            (Vector2 from, Vector2 to) = skeleton.Edges[e].Ends(row.Keypoints.Span);
            // Below half a pixel a length says nothing.
            float length = Math.Max(0.5f, Vector2.Distance(from, to));
            lengths[e] = float.IsFinite(length) ? Math.Log(length / ReviewedTrack.SideOf(row)) : null;
        }
        return lengths;
    }

    private static UsualValues? UsualOf(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        return known.Length > 0 ? UsualValues.Of(known) : null;
    }

    // Those that are odd, the worst first; null where none is.
    private static int[]? Worst(double[] oddness)
    {
        IEnumerable<int> found = Enumerable.Range(0, oddness.Length).Where(k => oddness[k] > UsualValues.OddFrom);
        int[] odd = [.. found.OrderByDescending(k => oddness[k])];
        return odd.Length > 0 ? odd : null;
    }

    private static double Lack(float confidence, double expected) => expected > 0 ? Math.Max(0, 1 - confidence / expected) : 0;

    private string NameOf(SkeletonEdge edge) => $"{EndOf(edge.From)}–{EndOf(edge.To)}";

    private string EndOf(IEnumerable<int> end) => string.Join('+', end.Select(k => skeleton.Keypoints[k]));

    private static string List(int[] worst, Func<int, string> describe) =>
        string.Join(", ", worst.Take(MostNamed).Select(describe))
        + (worst.Length > MostNamed ? $" and {worst.Length - MostNamed} more" : "");
}
