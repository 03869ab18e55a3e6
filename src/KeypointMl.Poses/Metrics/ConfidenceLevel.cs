namespace KeypointMl.Poses;

/// <summary>How good the predictions are that are at least so sure: what is gained by leaving out the doubtful ones, and how many that costs.</summary>
/// <param name="MinConfidence">The threshold.</param>
/// <param name="Coverage">The share, 0 to 1, of labelled keypoints whose prediction has at least that confidence.</param>
/// <param name="ErrorPercentOfImage">The mean L2 distance of these, in percent of the image's size; null where there is none.</param>
/// <param name="Pck">The share, 0 to 1, of these within 0.1 of the image's size; null where there is none.</param>
public sealed record ConfidenceLevel(double MinConfidence, double Coverage, double? ErrorPercentOfImage, double? Pck);
