namespace KeypointMl.Poses;

/// <summary>One keypoint's line of the table of keypoints. Errors are in percent of the image.</summary>
/// <param name="Frames">In how many frames it is labelled.</param>
/// <param name="ErrorPercentOfImage">The mean of its distances.</param>
/// <param name="MedianPercentOfImage">Their median.</param>
/// <param name="Pck">The share, 0 to 1, within 0.05 and 0.1 of the image; keys as in <see cref="KeypointMetrics.Pck"/>.</param>
public sealed record KeypointRow(int Frames, double ErrorPercentOfImage, double MedianPercentOfImage, IReadOnlyDictionary<string, double> Pck);
