using KeypointMl.Poses;

namespace KeypointMl.Training;

/// <summary>A fitted supervised post-processing and what it does to the error.</summary>
/// <param name="Ridge">λ.</param>
/// <param name="Frames">How many labelled frames it was fitted to.</param>
/// <param name="Split">Of which split.</param>
/// <param name="ValidationErrors">The error of the cross-validation in percent of the image, by λ; empty where λ was given.</param>
/// <param name="Metrics">The post-processed detector on all test frames, or null where the data set has none.</param>
public sealed record PostprocessingResult(double Ridge, int Frames, string Split, IReadOnlyList<(double Ridge, double ErrorPercent)> ValidationErrors, KeypointMetrics? Metrics);
