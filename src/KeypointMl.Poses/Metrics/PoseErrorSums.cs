using System.Numerics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Metrics;

/// <summary>The sums behind one predictor's metrics, the run's or a baseline's: frames go in, means come out.</summary>
internal sealed class PoseErrorSums
{
    private readonly Skeleton skeleton;
    private readonly MetricProtocol protocol;
    private readonly double imageSize;
    private readonly int[] flip;
    private readonly int[] scored;
    private readonly GroupedMean error;
    private readonly GroupedMean nme;
    private readonly GroupedMean source;
    private readonly GroupedMean flipMin;
    private readonly GroupedMean oriented;
    private readonly GroupedMean resolved;
    private readonly double[] keypointSums;
    private readonly int[] keypointCounts;
    private readonly int[] nonFinite;

    /// <param name="skeleton">Names the keypoints.</param>
    /// <param name="protocol">How errors are measured.</param>
    /// <param name="imageSize">In pixels; 100 % of the image.</param>
    internal PoseErrorSums(Skeleton skeleton, MetricProtocol protocol, double imageSize)
    {
        this.skeleton = skeleton;
        this.protocol = protocol;
        this.imageSize = imageSize;
        flip = skeleton.FlipPermutation();
        scored = [.. protocol.ScoredKeypoints ?? Enumerable.Range(0, skeleton.Count)];
        error = new GroupedMean(protocol.MeanOfGroups);
        nme = new GroupedMean(protocol.MeanOfGroups);
        source = new GroupedMean(protocol.MeanOfGroups);
        flipMin = new GroupedMean(protocol.MeanOfGroups);
        oriented = new GroupedMean(protocol.MeanOfGroups);
        resolved = new GroupedMean(protocol.MeanOfGroups);
        keypointSums = new double[skeleton.Count];
        keypointCounts = new int[skeleton.Count];
        nonFinite = new int[skeleton.Count];
    }

    internal int Frames => error.Count;

    internal int NmeFrames => nme.Count;

    internal double ErrorPercentOfImage => Percent(error.Mean);

    internal double? NmePercent => nme.Count == 0 ? null : nme.Mean * 100;

    /// <summary>Null unless every frame's original crop is known.</summary>
    internal double? SourceError => source.Count == Frames ? source.Mean : null;

    internal double FlipMinErrorPercent => Percent(flipMin.Mean);

    internal double CorrectlyOriented => oriented.Mean;

    /// <summary>Null unless every frame has an offline pose.</summary>
    internal double? FlipResolvedErrorPercent => resolved.Count == Frames ? Percent(resolved.Mean) : null;

    internal Dictionary<string, double> PerGroup => error.PerGroup(Percent);

    internal Dictionary<string, double> PerGroupFlipMin => flipMin.PerGroup(Percent);

    internal Dictionary<string, double> PerGroupOriented => oriented.PerGroup(share => share);

    internal Dictionary<string, double> PerKeypoint() =>
        Enumerable.Range(0, skeleton.Count).Where(k => keypointCounts[k] > 0)
        .ToDictionary(k => skeleton.Keypoints[k], k => Percent(keypointSums[k] / keypointCounts[k]));

    internal Dictionary<string, double> PerKeypointGroup() =>
        skeleton.Groups.Where(group => group.Keypoints.Any(k => keypointCounts[k] > 0))
            .ToDictionary(group => group.Name, group =>
                Percent(group.Keypoints.Sum(k => keypointSums[k]) / group.Keypoints.Sum(k => keypointCounts[k])));

    internal Dictionary<string, int> NonFinitePredictions() =>
        Enumerable.Range(0, skeleton.Count).Where(k => nonFinite[k] > 0).ToDictionary(k => skeleton.Keypoints[k], k => nonFinite[k]);

    internal BaselineMetrics ToBaseline() => new(ErrorPercentOfImage, NmePercent, PerKeypointGroup());

    /// <summary>Adds a frame; one without a labelled keypoint that counts is left out.</summary>
    /// <returns>The frame's own errors, or null where it is left out.</returns>
    internal FrameErrors? Add(ReadOnlySpan<Vector2> predicted, ReadOnlySpan<Vector2> truth, FrameContext context)
    {
        if (FrameErrors.Measure(predicted, truth, context, protocol, scored, flip, imageSize) is not { } frame)
            return null;
        error.Add(frame.Error, context.Group);
        flipMin.Add(frame.FlipMin, context.Group);
        oriented.Add(frame.IsOriented ? 1 : 0, context.Group);
        AddIfKnown(nme, frame.Nme);
        AddIfKnown(source, frame.SourceError);
        AddIfKnown(resolved, frame.ResolvedError);
        foreach ((int keypoint, double distance, bool finite) in frame.Points)
        {
            keypointSums[keypoint] += distance;
            keypointCounts[keypoint]++;
            nonFinite[keypoint] += finite ? 0 : 1;
        }
        return frame;

        void AddIfKnown(GroupedMean mean, double? value)
        {
            if (value is { } known)
                mean.Add(known, context.Group);
        }
    }

    private double Percent(double pixels) => pixels / imageSize * 100;
}

/// <summary>The mean of values over frames, or over groups of their mean over frames.</summary>
internal sealed class GroupedMean(bool meanOfGroups)
{
    private readonly SortedDictionary<string, (double Sum, int Count)> groups = new(StringComparer.Ordinal);

    internal int Count { get; private set; }

    internal double Mean => meanOfGroups
        ? groups.Values.Average(group => group.Sum / group.Count)
        : groups.Values.Sum(group => group.Sum) / Count;

    internal void Add(double value, string group)
    {
        (double sum, int count) = groups.GetValueOrDefault(group);
        groups[group] = (sum + value, count + 1);
        Count++;
    }

    /// <summary>Each named group's mean, converted; empty where no frame has a group.</summary>
    internal Dictionary<string, double> PerGroup(Func<double, double> convert) =>
        groups.Where(entry => entry.Key.Length > 0).ToDictionary(entry => entry.Key, entry => convert(entry.Value.Sum / entry.Value.Count));
}
