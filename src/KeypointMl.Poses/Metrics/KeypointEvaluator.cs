using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Metrics;

/// <summary>Collects predicted and true poses of one size of image, frame by frame, and computes <see cref="KeypointMetrics"/>.</summary>
/// <remarks>It keeps the poses (16·K bytes a frame), which the baselines need. Not thread-safe.</remarks>
public sealed class KeypointEvaluator
{
    private readonly record struct Frame(Vector2[] Predicted, Vector2[] Truth, FrameContext Context);

    private const int RandomDraws = 10;

    // The area and the failure rate that 300-W's papers report are up to 8 % of the inter-ocular distance.
    private const double LargestNme = 0.08;

    private readonly Skeleton skeleton;
    private readonly MetricProtocol protocol;
    private readonly int width;
    private readonly int height;
    private readonly List<Frame> frames = [];

    /// <summary>An evaluator without frames.</summary>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <param name="protocol">The data set's protocol.</param>
    /// <param name="width">Width in pixels of the images that the coordinates refer to.</param>
    /// <param name="height">Their height in pixels.</param>
    /// <exception cref="ArgumentException">
    /// The size is not positive, or the protocol normalises by or scores a keypoint that the skeleton does not have.
    /// </exception>
    public KeypointEvaluator(Skeleton skeleton, MetricProtocol protocol, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (protocol.NormalizingKeypoints is (int first, int second)
            && (Math.Min(first, second) < 0 || Math.Max(first, second) >= skeleton.Count || first == second))
        {
            throw new ArgumentException(
                $"The protocol normalises by keypoints {first} and {second}; skeleton '{skeleton.Name}' has keypoints 0 to "
                + $"{skeleton.Count - 1}, and the two must differ.");
        }
        if (protocol.ScoredKeypoints is { } scored
            && (scored.Count == 0 || scored.Distinct().Count() != scored.Count || scored.Any(k => (uint)k >= (uint)skeleton.Count)))
        {
            throw new ArgumentException(
                $"The protocol scores keypoints {string.Join(", ", scored)}; "
                + $"expected some of 0 to {skeleton.Count - 1}, each once, as skeleton '{skeleton.Name}' has them.");
        }
        this.skeleton = skeleton;
        this.protocol = protocol;
        this.width = width;
        this.height = height;
    }

    /// <summary>Adds a frame. The points are copied.</summary>
    /// <param name="predicted">
    /// K points in pixels of the image; a point that is not finite is an error that counts (see
    /// <see cref="KeypointMetrics"/>).
    /// </param>
    /// <param name="truth">K points in pixels of the image; NaN where not labelled.</param>
    /// <param name="group">The group of frames it belongs to, such as an activity; empty for none.</param>
    /// <exception cref="ArgumentException">One of the two has not K points.</exception>
    public void Add(ReadOnlySpan<Vector2> predicted, ReadOnlySpan<Vector2> truth, string group = "") =>
        Add(predicted, truth, new FrameContext(group));

    /// <summary>Adds a frame. The points are copied.</summary>
    /// <param name="predicted">
    /// K points in pixels of the image; a point that is not finite is an error that counts (see
    /// <see cref="KeypointMetrics"/>).
    /// </param>
    /// <param name="truth">K points in pixels of the image; NaN where not labelled.</param>
    /// <param name="context">What else is known of the frame.</param>
    /// <exception cref="ArgumentException">One of the poses has not K points, or there are not K confidences.</exception>
    public void Add(ReadOnlySpan<Vector2> predicted, ReadOnlySpan<Vector2> truth, FrameContext context)
    {
        if (predicted.Length != skeleton.Count || truth.Length != skeleton.Count)
        {
            throw new ArgumentException(
                $"Frame {frames.Count}: {predicted.Length} predicted and {truth.Length} true points; "
                + $"skeleton '{skeleton.Name}' has {skeleton.Count} keypoints.");
        }
        if (context.OfflinePose is { } offline && offline.Count != skeleton.Count)
        {
            throw new ArgumentException(
                $"Frame {frames.Count}: the offline pose has {offline.Count} points; "
                + $"skeleton '{skeleton.Name}' has {skeleton.Count} keypoints.");
        }
        if (context.Confidence is { } confidence && confidence.Count != skeleton.Count)
        {
            throw new ArgumentException(
                $"Frame {frames.Count}: {confidence.Count} confidences; skeleton '{skeleton.Name}' has {skeleton.Count} keypoints.");
        }
        FrameContext kept = context with
        {
            Group = context.Group ?? "",
            Cluster = context.Cluster ?? "",
            Confidence = context.Confidence?.ToArray(),
            OfflinePose = context.OfflinePose?.ToArray(),
        };
        frames.Add(new Frame(predicted.ToArray(), truth.ToArray(), kept));
    }

    /// <summary>Computes the metrics of the frames so far, with the baselines.</summary>
    /// <param name="priorPoses">
    /// The prior's poses as they are, without the rotation and other changes that training may make, in pixels of the
    /// image; null for no prior baselines. <c>mean_pose</c> predicts their mean, keypoint by keypoint, for every frame;
    /// <c>random_prior_pose</c> predicts one of them drawn uniformly for each frame, averaged over 10 draws of all
    /// frames.
    /// </param>
    /// <param name="seed">Seed of those draws and of the confidence intervals'.</param>
    /// <remarks>
    /// <c>own_mean_shape</c> says how much of the run's accuracy a rigid shape explains. The shape is the Procrustes
    /// mean (<see cref="ProcrustesMean"/>) of the run's own predictions for these frames; in each frame it is placed by
    /// the similarity (rotation, uniform scale, translation; no reflection) that brings it nearest to the TRUE pose's
    /// labelled keypoints in the sense of least squares. Frames with fewer than 3 labelled keypoints, which a
    /// similarity fits too easily, are left out of it.
    /// </remarks>
    /// <exception cref="InvalidOperationException">No frame has a labelled keypoint.</exception>
    /// <exception cref="ArgumentException">A prior pose has not K points.</exception>
    public KeypointMetrics Compute(IReadOnlyList<Vector2[]>? priorPoses = null, int seed = 0)
    {
        PoseErrorSums run = NewSums();
        FrameErrors[] measured = [.. frames.Select(frame => run.Add(frame.Predicted, frame.Truth, frame.Context)).OfType<FrameErrors>()];
        if (measured.Length == 0)
            throw new InvalidOperationException($"None of the {frames.Count} frames has a labelled keypoint; there is nothing to measure.");
        var baselines = new Dictionary<string, BaselineMetrics>();
        if (priorPoses is { Count: > 0 })
            AddPriorBaselines(priorPoses, seed, baselines);
        if (OwnMeanShape() is { Frames: > 0 } ownMeanShape)
            baselines["own_mean_shape"] = ownMeanShape.ToBaseline();
        var points = new PointErrors(measured, ImageSize);
        double[] normalized = [.. measured.Select(frame => frame.Nme).OfType<double>()];
        return new KeypointMetrics
        {
            Protocol = protocol.Description,
            Frames = run.Frames,
            ErrorPercentOfImage = run.ErrorPercentOfImage,
            NmePercent = run.NmePercent,
            NmeFrames = run.NmeFrames,
            NmeArea = normalized.Length == 0 ? null : ErrorCurve.Area(normalized, LargestNme),
            NmeFailureRate = normalized.Length == 0 ? null : ErrorCurve.FailureRate(normalized, LargestNme),
            SourceError = run.SourceError,
            Pck = points.Pck(),
            PckArea = points.Area(),
            PerGroup = run.PerGroup,
            PerGroupFlipMin = run.PerGroupFlipMin,
            PerGroupOriented = run.PerGroupOriented,
            FlipMinErrorPercent = run.FlipMinErrorPercent,
            CorrectlyOriented = run.CorrectlyOriented,
            FlipResolvedErrorPercent = run.FlipResolvedErrorPercent,
            PerKeypoint = run.PerKeypoint(),
            KeypointTable = points.Table(skeleton),
            PerKeypointGroup = run.PerKeypointGroup(),
            NonFinitePredictions = run.NonFinitePredictions(),
            ConfidenceIntervals = Bootstrap.Compute(measured, protocol.MeanOfGroups, ImageSize, seed),
            Confidence = ConfidenceQuality.Of(measured, ImageSize),
            Baselines = baselines,
        };
    }

    private double ImageSize => protocol.ImageSize(width, height);

    private void AddPriorBaselines(IReadOnlyList<Vector2[]> priorPoses, int seed, Dictionary<string, BaselineMetrics> baselines)
    {
        if (priorPoses.FirstOrDefault(pose => pose.Length != skeleton.Count) is Vector2[] wrong)
        {
            throw new ArgumentException(
                $"A prior pose has {wrong.Length} keypoints; skeleton '{skeleton.Name}' has {skeleton.Count}.", nameof(priorPoses));
        }
        Vector2[] mean = MeanPose(priorPoses);
        baselines["mean_pose"] = Measure(_ => mean).ToBaseline();
        var random = new Random(seed);
        PoseErrorSums draws = NewSums();
        for (int draw = 0; draw < RandomDraws; draw++)
            Measure(_ => priorPoses[random.Next(priorPoses.Count)], draws);
        baselines["random_prior_pose"] = draws.ToBaseline();
    }

    private Vector2[] MeanPose(IReadOnlyList<Vector2[]> poses) =>
        [.. Enumerable.Range(0, skeleton.Count)
            .Select(k => new Vector2((float)poses.Average(pose => (double)pose[k].X), (float)poses.Average(pose => (double)pose[k].Y)))];

    private PoseErrorSums? OwnMeanShape()
    {
        if (ProcrustesMean.Compute([.. frames.Select(frame => frame.Predicted)]) is not Vector2[] shape)
            return null;
        PoseErrorSums sums = NewSums();
        foreach (Frame frame in frames.Where(frame => frame.Truth.Count(point => float.IsFinite(point.X + point.Y)) >= 3))
        {
            SimilarityTransform best = SimilarityTransform.Fit(shape, frame.Truth);
            sums.Add([.. shape.Select(best.Apply)], frame.Truth, new FrameContext(frame.Context.Group));
        }
        return sums;
    }

    private PoseErrorSums Measure(Func<Frame, Vector2[]> predict, PoseErrorSums? sums = null)
    {
        sums ??= NewSums();
        foreach (Frame frame in frames)
            sums.Add(predict(frame), frame.Truth, new FrameContext(frame.Context.Group));
        return sums;
    }

    private PoseErrorSums NewSums() => new(skeleton, protocol, ImageSize);
}
