namespace KeypointMl.Poses.Metrics;

/// <summary>How a data set's error is measured, beside the error in percent of the image's size, which every data set has.</summary>
/// <param name="NormalizingKeypoints">
/// Two keypoint indices whose distance in the true pose normalises the NME (faces: the outer eye corners, 36 and 45),
/// or null: no NME.
/// </param>
/// <param name="Description">One line for reports: data set, split, what is measured, in what unit.</param>
/// <param name="MeanOfGroups">
/// Whether the errors are the mean over groups of each group's mean over frames (Simplified Human3.6M: the mean of the
/// activities), not the mean over all frames.
/// </param>
/// <param name="ScoredKeypoints">The indices of the keypoints that count (Human3.6M: 17 of 32), or null: all.</param>
/// <param name="Unit">What 100 % of the image is.</param>
public sealed record MetricProtocol(
    (int First, int Second)? NormalizingKeypoints, string Description, bool MeanOfGroups = false,
    IReadOnlyList<int>? ScoredKeypoints = null, ImageUnit Unit = ImageUnit.Size)
{
    /// <summary>L: how many pixels of an image of that size in pixels are 100 %.</summary>
    internal double ImageSize(int width, int height) => Math.Max(width, height) - (Unit == ImageUnit.Span ? 1 : 0);
}

/// <summary>What an error in percent of the image is a percentage of.</summary>
public enum ImageUnit
{
    /// <summary>max(width, height) in pixels.</summary>
    Size,

    /// <summary>
    /// max(width, height) − 1: from the centre of the first pixel to that of the last, as where poses are in [0,1] (the
    /// authors' evaluation of Simplified Human3.6M).
    /// </summary>
    Span,
}
