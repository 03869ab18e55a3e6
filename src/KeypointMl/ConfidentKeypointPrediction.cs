using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>A row of detected keypoints with confidences: reads the columns <c>Keypoints</c> and <c>Confidence</c> (see <see cref="KeypointDetectionOptions.ConfidenceColumnName"/>).</summary>
public class ConfidentKeypointPrediction : KeypointPrediction
{
    /// <summary>K values in [0,1], in the order of the skeleton.</summary>
    [VectorType]
    public float[] Confidence { get; set; } = [];
}
