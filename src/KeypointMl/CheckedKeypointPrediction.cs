namespace KeypointMl;

/// <summary>
/// A row of detected keypoints, or the reason why there are none: reads the columns <c>Keypoints</c>, <c>Confidence</c> and <c>Error</c> (see
/// <see cref="KeypointErrorPolicy.MarkRow"/>).
/// </summary>
public class CheckedKeypointPrediction : ConfidentKeypointPrediction
{
    /// <summary>Why the row has no keypoints; empty where it has.</summary>
    public string Error { get; set; } = "";
}
