using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Steps;

/// <summary>
/// Exchanges left and right where a track's symmetric keypoints would jump to each other's places: of all ways through
/// {as it is, exchanged}, the one with the smallest sum of squared jumps, in sides of the box, and of what each exchange costs.
/// </summary>
/// <param name="Prior">
/// <c>prior</c>: what an exchange costs for each symmetric pair of each frame, in squared sides of the box, times the smaller
/// confidence of the pair; greater than 0. Higher for fewer exchanges, and shorter ones.
/// </param>
/// <param name="MaxGap"><c>max_gap</c>: over how many scored frames without a pose a track is followed; at least 1.</param>
public sealed record ResolvedFlips(double Prior = 0.002, int MaxGap = 10) : ScoreStep
{
    /// <inheritdoc/>
    public override bool IsOverTime => true;

    internal override IRowStep Start(Skeleton skeleton) => skeleton.SymmetricPairs.Length > 0
        ? new FlipResolver(new FlipCosts(skeleton, Prior), MaxGap)
        : throw new InvalidDataException(
            $"The pipeline's step 'resolve_flips' does not fit the model: its skeleton '{skeleton.Name}' has no symmetric pairs. "
            + "Leave the step out, or train with a skeleton that says which keypoints are left and right ('symmetric').");
}

/// <summary>Holds rows back until it is decided whether left and right are exchanged in them, and gives them in their order.</summary>
internal sealed class FlipResolver(FlipCosts costs, int maxGap) : IRowStep
{
    private readonly Queue<HeldRow> held = new();
    private readonly Dictionary<string, FlipTrack> tracks = new(StringComparer.Ordinal);
    private string source = "";

    public IEnumerable<ScoredRow> Push(ScoredRow row)
    {
        if (row.Row.Source != source)
        {
            foreach (ScoredRow left in Flush())
                yield return left;
        }
        source = row.Row.Source;
        foreach (FlipTrack track in tracks.Values)
        {
            if (track.IsLostAt(row.Row, maxGap))
                track.Close();
        }
        var entry = new HeldRow(row);
        held.Enqueue(entry);
        if (costs.Knows(row.Row))
        {
            if (!tracks.TryGetValue(row.Row.Item, out FlipTrack? own))
                tracks.Add(row.Row.Item, own = new FlipTrack(costs));
            own.Add(row.Row, entry.Decide);
        }
        else
        {
            entry.Decide(false);
        }
        while (held.TryPeek(out HeldRow? first) && first.Exchanged is not null)
            yield return Emit(held.Dequeue());
    }

    public IEnumerable<ScoredRow> Flush()
    {
        foreach (FlipTrack track in tracks.Values)
            track.Close();
        tracks.Clear();
        while (held.TryDequeue(out HeldRow? entry))
            yield return Emit(entry);
    }

    private ScoredRow Emit(HeldRow entry) =>
        entry.Exchanged == true ? entry.Scored with { Row = costs.Exchange(entry.Scored.Row) } : entry.Scored;

    private sealed class HeldRow(ScoredRow row)
    {
        public ScoredRow Scored { get; } = row;

        public bool? Exchanged { get; private set; }

        public void Decide(bool exchanged) => Exchanged = exchanged;
    }
}
