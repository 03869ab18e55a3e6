using System.Collections.ObjectModel;

namespace KeypointMl.Poses.Metrics;

/// <summary>
/// How far predicted keypoints are from the true ones, over the labelled keypoints of a set of frames. Errors are in
/// percent of the image's size, max(width, height) in pixels (less one where the protocol's <see cref="ImageUnit"/>
/// says so), unless they say otherwise.
/// </summary>
/// <remarks>
/// A predicted point that is not finite counts as an error of the whole image size and as outside every PCK threshold,
/// and its keypoint's name is counted in <see cref="NonFinitePredictions"/>.
/// </remarks>
public sealed record KeypointMetrics
{
    /// <summary>What was measured: the protocol's description.</summary>
    public required string Protocol { get; init; }

    /// <summary>The number of frames with at least one labelled keypoint; only those count.</summary>
    public required int Frames { get; init; }

    /// <summary>
    /// L2 distance, mean over a frame's labelled keypoints, then mean over frames (over groups of frames where the
    /// protocol says so).
    /// </summary>
    public required double ErrorPercentOfImage { get; init; }

    /// <summary>
    /// The same, in percent of the distance of the protocol's two normalising keypoints in the true pose; null where
    /// the protocol has none. Frames in which one of these two is not labelled are left out; <see cref="NmeFrames"/>
    /// counts the rest.
    /// </summary>
    public required double? NmePercent { get; init; }

    /// <summary>The number of frames in <see cref="NmePercent"/>.</summary>
    public required int NmeFrames { get; init; }

    /// <summary>
    /// The area, 0 to 1, under the curve of the share of frames whose NME is within t, for t from 0 to 8 %, over that
    /// range (300-W's AUC₀.₀₈); null where there is no NME.
    /// </summary>
    public double? NmeArea { get; init; }

    /// <summary>The share, 0 to 1, of frames whose NME is beyond 8 %; null where there is no NME.</summary>
    public double? NmeFailureRate { get; init; }

    /// <summary>
    /// As <see cref="ErrorPercentOfImage"/>, in pixels of the original crop (Human3.6M's unit); null where the crops'
    /// sizes are not known.
    /// </summary>
    public double? SourceError { get; init; }

    /// <summary>
    /// The share, 0 to 1, of all labelled keypoints within 0.05 and 0.1 of the image's size; keys <c>0.05</c> and
    /// <c>0.1</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, double> Pck { get; init; }

    /// <summary>
    /// The area, 0 to 1, under the curve of that share, for thresholds from 0 to the key, over that range; key
    /// <c>0.1</c>.
    /// </summary>
    public IReadOnlyDictionary<string, double> PckArea { get; init; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>
    /// <see cref="ErrorPercentOfImage"/> of each group of frames (an activity, a video); empty where the frames have no
    /// groups.
    /// </summary>
    public required IReadOnlyDictionary<string, double> PerGroup { get; init; }

    /// <summary><see cref="FlipMinErrorPercent"/> of each group of frames.</summary>
    public IReadOnlyDictionary<string, double> PerGroupFlipMin { get; init; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary><see cref="CorrectlyOriented"/> of each group of frames.</summary>
    public IReadOnlyDictionary<string, double> PerGroupOriented { get; init; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>
    /// As <see cref="ErrorPercentOfImage"/>, with the smaller of two errors for each frame: against the true pose, and
    /// against the true pose with the names of its left and right keypoints exchanged (the authors' 'min distance').
    /// </summary>
    public required double FlipMinErrorPercent { get; init; }

    /// <summary>
    /// The share, 0 to 1, of frames that are at least as near to the true pose as to its left-right exchange (over
    /// groups of frames where the protocol says so).
    /// </summary>
    public required double CorrectlyOriented { get; init; }

    /// <summary>
    /// As <see cref="ErrorPercentOfImage"/>, with left and right as an offline η tells them
    /// (<see cref="FlipResolution"/>); null where there is none.
    /// </summary>
    public double? FlipResolvedErrorPercent { get; init; }

    /// <summary>The error of each keypoint, mean over the frames in which it is labelled; a keypoint that never is has no entry.</summary>
    public required IReadOnlyDictionary<string, double> PerKeypoint { get; init; }

    /// <summary>More of each keypoint, in the skeleton's order.</summary>
    public IReadOnlyDictionary<string, KeypointRow> KeypointTable { get; init; } = ReadOnlyDictionary<string, KeypointRow>.Empty;

    /// <summary>The error of each of the skeleton's groups of keypoints, mean over all their labelled points.</summary>
    public required IReadOnlyDictionary<string, double> PerKeypointGroup { get; init; }

    /// <summary>By keypoint name, how many predictions of a labelled keypoint were not finite; empty when all was well.</summary>
    public required IReadOnlyDictionary<string, int> NonFinitePredictions { get; init; }

    /// <summary>How far the metrics would vary with other frames of the same kind; null where they were not computed.</summary>
    public ConfidenceIntervals? ConfidenceIntervals { get; init; }

    /// <summary>What the confidences are worth; null where they were not given.</summary>
    public ConfidenceQuality? Confidence { get; init; }

    /// <summary>
    /// What needs no image: <c>mean_pose</c> and <c>random_prior_pose</c> (where a prior was given) and
    /// <c>own_mean_shape</c> (where it can be computed), as defined at <see cref="KeypointEvaluator.Compute"/>; of a
    /// run of the paper's method also <c>bottleneck</c>: η on clean skeleton images of prior poses.
    /// </summary>
    public required IReadOnlyDictionary<string, BaselineMetrics> Baselines { get; init; }

    /// <summary>These metrics with another baseline beside those that they have.</summary>
    /// <param name="name">Its name, as in <c>metrics.json</c>; one of the same name is replaced.</param>
    /// <param name="baseline">Measured in the same units.</param>
    public KeypointMetrics WithBaseline(string name, BaselineMetrics baseline) =>
        this with { Baselines = new Dictionary<string, BaselineMetrics>(Baselines) { [name] = baseline } };
}

/// <summary>The error of a predictor that does not look at the image, measured like the run it stands beside.</summary>
/// <param name="ErrorPercentOfImage">As <see cref="KeypointMetrics.ErrorPercentOfImage"/>.</param>
/// <param name="NmePercent">As <see cref="KeypointMetrics.NmePercent"/>.</param>
/// <param name="PerKeypointGroup">As <see cref="KeypointMetrics.PerKeypointGroup"/>.</param>
public sealed record BaselineMetrics(double ErrorPercentOfImage, double? NmePercent, IReadOnlyDictionary<string, double> PerKeypointGroup);

/// <summary>One keypoint's line of the table of keypoints. Errors are in percent of the image.</summary>
/// <param name="Frames">In how many frames it is labelled.</param>
/// <param name="ErrorPercentOfImage">The mean of its distances.</param>
/// <param name="MedianPercentOfImage">Their median.</param>
/// <param name="Pck">The share, 0 to 1, within 0.05 and 0.1 of the image; keys as in <see cref="KeypointMetrics.Pck"/>.</param>
public sealed record KeypointRow(
    int Frames, double ErrorPercentOfImage, double MedianPercentOfImage, IReadOnlyDictionary<string, double> Pck);
