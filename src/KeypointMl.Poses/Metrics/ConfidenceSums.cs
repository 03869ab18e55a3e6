using System.Numerics;

namespace KeypointMl.Poses;

/// <summary>Collects predictions with their confidences and computes <see cref="ConfidenceLevel"/>s. Not thread-safe.</summary>
public sealed class ConfidenceSums
{
    private const double PckThreshold = 0.1;
    private static readonly double[] Levels = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    private readonly long[] counts = new long[Levels.Length];
    private readonly double[] errors = new double[Levels.Length];
    private readonly long[] within = new long[Levels.Length];
    private long labelled;

    /// <summary>Adds a frame. A predicted point that is not finite is an error of the whole image; a confidence that is not a number is below every threshold but 0.</summary>
    /// <param name="predicted">K points in pixels.</param>
    /// <param name="truth">K points in pixels; NaN where not labelled.</param>
    /// <param name="confidence">K values in [0,1].</param>
    /// <param name="imageSize">The larger side of the image in pixels.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Add(ReadOnlySpan<Vector2> predicted, ReadOnlySpan<Vector2> truth, ReadOnlySpan<float> confidence, int imageSize)
    {
        if (predicted.Length != truth.Length || confidence.Length != truth.Length)
            throw new ArgumentException($"{predicted.Length} predicted points, {truth.Length} true ones and {confidence.Length} confidences; the numbers must be equal.");
        for (int k = 0; k < truth.Length; k++)
        {
            if (!IsFinite(truth[k]))
                continue;
            labelled++;
            double error = IsFinite(predicted[k]) ? Vector2.Distance(predicted[k], truth[k]) / imageSize : 1;
            for (int level = 0; level < Levels.Length && (level == 0 || confidence[k] >= Levels[level]); level++)
            {
                counts[level]++;
                errors[level] += error;
                if (error <= PckThreshold)
                    within[level]++;
            }
        }
    }

    /// <summary>A level for each threshold 0, 0.1 … 0.9; none where no keypoint was labelled.</summary>
    public IReadOnlyList<ConfidenceLevel> Compute() => labelled == 0
        ? []
        : [.. Levels.Select((threshold, level) => new ConfidenceLevel(
            threshold,
            (double)counts[level] / labelled,
            counts[level] == 0 ? null : 100 * errors[level] / counts[level],
            counts[level] == 0 ? null : (double)within[level] / counts[level]))];

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);
}
