using System.Numerics;

namespace KeypointMl.Poses.Metrics;

/// <summary>One frame's errors in pixels of the image, each the mean over the labelled keypoints that count.</summary>
internal sealed record FrameErrors
{
    public required FrameContext Context { get; init; }

    /// <summary>Against the true pose.</summary>
    public required double Error { get; init; }

    /// <summary>Against the true pose with left and right exchanged.</summary>
    public required double FlippedError { get; init; }

    /// <summary><see cref="Error"/> over the distance of the normalising keypoints, or null.</summary>
    public required double? Nme { get; init; }

    /// <summary>In pixels of the original crop, or null.</summary>
    public required double? SourceError { get; init; }

    /// <summary>As <see cref="Error"/>, with left and right as the offline η tells them, or null.</summary>
    public required double? ResolvedError { get; init; }

    /// <summary>The distance of each labelled keypoint that counts, and whether its prediction was finite.</summary>
    public required IReadOnlyList<(int Keypoint, double Distance, bool Finite)> Points { get; init; }

    public bool IsOriented => Error <= FlippedError;

    public double FlipMin => Math.Min(Error, FlippedError);

    /// <summary>Measures a frame; null where no keypoint that counts is labelled.</summary>
    public static FrameErrors? Measure(
        ReadOnlySpan<Vector2> predicted,
        ReadOnlySpan<Vector2> truth,
        FrameContext context,
        MetricProtocol protocol,
        int[] scored,
        int[] flip,
        double imageSize)
    {
        var points = new List<(int, double, bool)>(scored.Length);
        double sum = 0, flippedSum = 0, sourceSum = 0;
        int flippedLabelled = 0;
        foreach (int k in scored)
        {
            Vector2 flippedTruth = truth[flip[k]];
            if (IsFinite(flippedTruth))
            {
                flippedSum += Distance(predicted[k], flippedTruth, imageSize);
                flippedLabelled++;
            }
            if (!IsFinite(truth[k]))
                continue;
            double distance = Distance(predicted[k], truth[k], imageSize);
            sum += distance;
            sourceSum += IsFinite(predicted[k])
                ? Vector2.Distance(predicted[k] * context.SourceScale, truth[k] * context.SourceScale)
                : imageSize * Math.Max(context.SourceScale.X, context.SourceScale.Y);
            points.Add((k, distance, IsFinite(predicted[k])));
        }
        if (points.Count == 0)
            return null;
        double error = sum / points.Count;
        return new FrameErrors
        {
            Context = context,
            Error = error,
            FlippedError = flippedLabelled > 0 ? flippedSum / flippedLabelled : error,
            Nme = Normalized(error, truth, protocol),
            SourceError = context.SourceScale.X > 0 && context.SourceScale.Y > 0 ? sourceSum / points.Count : null,
            ResolvedError = context.OfflinePose is { } offline
                ? Mean(FlipResolution.Resolve(predicted, offline, flip, scored), truth, scored, imageSize)
                : null,
            Points = points,
        };
    }

    private static double? Normalized(double error, ReadOnlySpan<Vector2> truth, MetricProtocol protocol)
    {
        if (protocol.NormalizingKeypoints is not (int first, int second))
            return null;
        double unit = Vector2.Distance(truth[first], truth[second]);
        return unit > 0 ? error / unit : null; // NaN, where one of the two is not labelled, is not greater than zero.
    }

    private static double Mean(ReadOnlySpan<Vector2> predicted, ReadOnlySpan<Vector2> truth, int[] scored, double imageSize)
    {
        double sum = 0;
        int labelled = 0;
        foreach (int k in scored)
        {
            if (!IsFinite(truth[k]))
                continue;
            sum += Distance(predicted[k], truth[k], imageSize);
            labelled++;
        }
        return sum / labelled;
    }

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);

    private static double Distance(Vector2 predicted, Vector2 truth, double imageSize) =>
        IsFinite(predicted) ? Vector2.Distance(predicted, truth) : imageSize;
}

/// <summary>What an evaluated frame is beside its two poses.</summary>
/// <param name="Group">The group of frames that it belongs to, such as an activity; empty for none.</param>
/// <param name="Cluster">
/// What it was drawn with, such as its video: confidence intervals resample whole clusters, because frames of one video
/// are alike. Empty: the frame alone.
/// </param>
/// <param name="SourceScale">
/// How many pixels of the original crop a pixel of the image is, along x and y; zero where that is not known.
/// </param>
/// <param name="OfflinePose">
/// What the offline η reads off the rendered prediction, in pixels of the image, to tell left from right; null for
/// none.
/// </param>
/// <param name="Confidence">The predictions' confidences [K] in [0,1]; null where there are none.</param>
public readonly record struct FrameContext(
    string Group = "", string Cluster = "", Vector2 SourceScale = default, IReadOnlyList<Vector2>? OfflinePose = null,
    IReadOnlyList<float>? Confidence = null);
