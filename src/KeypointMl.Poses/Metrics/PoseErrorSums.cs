using System.Numerics;

namespace KeypointMl.Poses;

/// <summary>The sums behind one predictor's metrics, the run's or a baseline's: frames go in, means come out.</summary>
internal sealed class PoseErrorSums
{
    internal static readonly double[] PckThresholds = [0.05, 0.1];

    private readonly Skeleton skeleton;
    private readonly MetricProtocol protocol;
    private readonly double imageSize;
    private readonly int[] flip;
    private readonly GroupedMean error;
    private readonly GroupedMean nme;
    private readonly GroupedMean flipMin;
    private readonly double[] keypointSums;
    private readonly int[] keypointCounts;
    private readonly long[] withinThreshold = new long[PckThresholds.Length];
    private readonly int[] nonFinite;
    private long points;
    private int oriented;

    internal PoseErrorSums(Skeleton skeleton, MetricProtocol protocol, double imageSize)
    {
        this.skeleton = skeleton;
        this.protocol = protocol;
        this.imageSize = imageSize;
        flip = skeleton.FlipPermutation();
        error = new GroupedMean(protocol.MeanOfGroups);
        nme = new GroupedMean(protocol.MeanOfGroups);
        flipMin = new GroupedMean(protocol.MeanOfGroups);
        keypointSums = new double[skeleton.Count];
        keypointCounts = new int[skeleton.Count];
        nonFinite = new int[skeleton.Count];
    }

    internal int Frames => error.Count;

    internal int NmeFrames => nme.Count;

    internal double ErrorPercentOfImage => error.Mean / imageSize * 100;

    internal double? NmePercent => nme.Count == 0 ? null : nme.Mean * 100;

    internal double FlipMinErrorPercent => flipMin.Mean / imageSize * 100;

    internal double CorrectlyOriented => (double)oriented / Frames;

    internal Dictionary<string, double> PerGroup => error.PerGroup(sum => sum / imageSize * 100);

    internal double Pck(int threshold) => (double)withinThreshold[threshold] / points;

    internal Dictionary<string, double> PerKeypoint() =>
        Enumerable.Range(0, skeleton.Count).Where(k => keypointCounts[k] > 0)
            .ToDictionary(k => skeleton.Keypoints[k], k => keypointSums[k] / keypointCounts[k] / imageSize * 100);

    internal Dictionary<string, double> PerKeypointGroup() =>
        skeleton.Groups.Where(group => group.Keypoints.Any(k => keypointCounts[k] > 0))
            .ToDictionary(group => group.Name, group => group.Keypoints.Sum(k => keypointSums[k]) / group.Keypoints.Sum(k => keypointCounts[k]) / imageSize * 100);

    internal Dictionary<string, int> NonFinitePredictions() =>
        Enumerable.Range(0, skeleton.Count).Where(k => nonFinite[k] > 0).ToDictionary(k => skeleton.Keypoints[k], k => nonFinite[k]);

    internal BaselineMetrics ToBaseline() => new(ErrorPercentOfImage, NmePercent, PerKeypointGroup());

    /// <summary>Adds a frame; one without a labelled keypoint does not count.</summary>
    internal void Add(ReadOnlySpan<Vector2> predicted, ReadOnlySpan<Vector2> truth, string group)
    {
        double sum = 0, flippedSum = 0;
        int labelled = 0, flippedLabelled = 0;
        for (int k = 0; k < truth.Length; k++)
        {
            Vector2 flippedTruth = truth[flip[k]];
            if (IsLabelled(flippedTruth))
            {
                flippedSum += Distance(predicted[k], flippedTruth);
                flippedLabelled++;
            }
            if (!IsLabelled(truth[k]))
                continue;
            double distance = Distance(predicted[k], truth[k]);
            sum += distance;
            labelled++;
            keypointSums[k] += distance;
            keypointCounts[k]++;
            bool finite = IsLabelled(predicted[k]);
            if (!finite)
                nonFinite[k]++;
            for (int t = 0; t < PckThresholds.Length; t++)
            {
                if (finite && distance <= PckThresholds[t] * imageSize)
                    withinThreshold[t]++;
            }
        }
        if (labelled == 0)
            return;
        points += labelled;
        double frameError = sum / labelled;
        double flippedError = flippedSum / flippedLabelled;
        error.Add(frameError, group);
        flipMin.Add(Math.Min(frameError, flippedError), group);
        if (frameError <= flippedError)
            oriented++;
        if (protocol.NormalizingKeypoints is (int first, int second))
        {
            double unit = Vector2.Distance(truth[first], truth[second]);
            if (unit > 0) // NaN, where one of the two is not labelled, is not greater than zero.
                nme.Add(frameError / unit, group);
        }
    }

    private static bool IsLabelled(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);

    private double Distance(Vector2 predicted, Vector2 truth) => IsLabelled(predicted) ? Vector2.Distance(predicted, truth) : imageSize;
}
