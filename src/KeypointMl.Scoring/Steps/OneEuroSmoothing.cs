using System.Numerics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Steps;

/// <summary>
/// The 1€ filter on each keypoint of each track: a low-pass whose cut-off rises with speed, so that a resting point
/// does not tremble and a fast one does not lag. Source: Casiez, Roussel and Vogel, "1€ Filter", CHI 2012, algorithm 1.
/// </summary>
/// <param name="Rate"><c>rate</c>: frames per second of the videos, greater than 0.</param>
/// <param name="MinimumCutoff"><c>min_cutoff</c>: the cut-off of a resting point in Hz, greater than 0; lower for less trembling.</param>
/// <param name="Beta"><c>beta</c>: by how much the cut-off rises with each pixel per second, in 1/pixel; higher for less lag.</param>
/// <param name="DerivativeCutoff"><c>derivative_cutoff</c>: the cut-off of the speed itself in Hz, greater than 0.</param>
public sealed record OneEuroSmoothing(double Rate, double MinimumCutoff = 1, double Beta = 0, double DerivativeCutoff = 1) : ScoreStep
{
    /// <summary>
    /// <c>max_gap</c>: a keypoint that had no position for more scored frames than these is measured anew, for what was known of
    /// it has nothing to say any more; at least 1.
    /// </summary>
    public int MaxGap { get; init; } = 10;

    /// <inheritdoc/>
    public override bool IsOverTime => true;

    internal override IRowStep Start(Skeleton skeleton)
    {
        string source = "";
        var tracks = new Dictionary<string, OneEuroFilter[]>(StringComparer.Ordinal);
        return new EachRow(row =>
        {
            if (row.Source != source)
                tracks.Clear();
            source = row.Source;
            if (!tracks.TryGetValue(row.Item, out OneEuroFilter[]? filters))
                tracks.Add(row.Item, filters = [.. Enumerable.Range(0, 2 * skeleton.Count).Select(_ => new OneEuroFilter(this))]);
            Vector2[] points = row.Keypoints.ToArray();
            for (int k = 0; k < points.Length; k++)
                points[k] = new Vector2(filters[2 * k].Next(row, points[k].X), filters[2 * k + 1].Next(row, points[k].Y));
            return row with { Keypoints = points };
        });
    }
}

/// <summary>
/// The 1€ filter of one coordinate over time (see <see cref="OneEuroSmoothing"/>). A value that is missing (NaN) stays
/// so and is passed over.
/// </summary>
internal sealed class OneEuroFilter(OneEuroSmoothing settings)
{
    private long frame = -1;
    private double value;
    private double speed;

    public float Next(PredictionRow row, float measured)
    {
        if (!float.IsFinite(measured))
            return measured;
        if (frame < 0 || row.Frame - frame > (long)(settings.MaxGap + 1) * row.FrameStep)
        {
            (frame, value, speed) = (row.Frame, measured, 0);
            return measured;
        }
        double seconds = (row.Frame - frame) / settings.Rate;
        speed += Weight(settings.DerivativeCutoff, seconds) * ((measured - value) / seconds - speed);
        value += Weight(settings.MinimumCutoff + settings.Beta * Math.Abs(speed), seconds) * (measured - value);
        frame = row.Frame;
        return (float)value;
    }

    // The paper's α = 1/(1 + τ/Te) with τ = 1/(2πfc).
    private static double Weight(double cutoff, double seconds) => 1 / (1 + 1 / (2 * Math.PI * cutoff * seconds));
}
