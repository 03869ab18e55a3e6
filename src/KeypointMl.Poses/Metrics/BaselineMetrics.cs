namespace KeypointMl.Poses;

/// <summary>The error of a predictor that does not look at the image, measured like the run it stands beside.</summary>
/// <param name="ErrorPercentOfImage">As <see cref="KeypointMetrics.ErrorPercentOfImage"/>.</param>
/// <param name="NmePercent">As <see cref="KeypointMetrics.NmePercent"/>.</param>
/// <param name="PerKeypointGroup">As <see cref="KeypointMetrics.PerKeypointGroup"/>.</param>
public sealed record BaselineMetrics(double ErrorPercentOfImage, double? NmePercent, IReadOnlyDictionary<string, double> PerKeypointGroup);
