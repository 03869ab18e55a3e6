using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Detection;
using KeypointMl.Rows;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>
/// A row of detected keypoints, for <c>CreatePredictionEngine</c> and <c>CreateEnumerable</c>; it reads the column
/// <c>Keypoints</c>. Derive from it to read others beside it.
/// </summary>
public class KeypointPrediction
{
    /// <summary>x₀, y₀, x₁, … in pixels of the image: 2·K floats.</summary>
    [VectorType]
    public float[] Keypoints { get; set; } = [];

    /// <summary>The keypoints as K points in pixels of the image, in the order of the skeleton.</summary>
    public Vector2[] ToPoints() => MemoryMarshal.Cast<float, Vector2>(Keypoints).ToArray();
}

/// <summary>
/// A row of detected keypoints, or the reason why there are none: reads the columns <c>Keypoints</c>, <c>Confidence</c>
/// and <c>Error</c> (see <see cref="KeypointErrorPolicy.MarkRow"/>).
/// </summary>
public class CheckedKeypointPrediction : ConfidentKeypointPrediction
{
    /// <summary>Why the row has no keypoints; empty where it has.</summary>
    public string Error { get; set; } = "";
}

/// <summary>
/// A row of detected keypoints with confidences: reads the columns <c>Keypoints</c> and <c>Confidence</c> (see
/// <see cref="KeypointDetectionOptions.ConfidenceColumnName"/>).
/// </summary>
public class ConfidentKeypointPrediction : KeypointPrediction
{
    /// <summary>K values in [0,1], in the order of the skeleton.</summary>
    [VectorType]
    public float[] Confidence { get; set; } = [];
}

/// <summary>
/// A row of keypoints with their confidences in one vector (see
/// <see cref="KeypointDetectionOptions.InterleaveConfidence"/>); reads the column <c>Keypoints</c>.
/// </summary>
public class InterleavedKeypointPrediction
{
    /// <summary>x₀, y₀, confidence₀, x₁, …: 3·K floats, coordinates in pixels of the image, confidences in [0,1].</summary>
    [VectorType]
    public float[] Keypoints { get; set; } = [];

    /// <summary>The keypoints as K points in pixels of the image, in the order of the skeleton.</summary>
    public Vector2[] ToPoints() => [.. Keypoints.Chunk(3).Select(keypoint => new Vector2(keypoint[0], keypoint[1]))];

    /// <summary>The K confidences in [0,1], in the order of the skeleton.</summary>
    public float[] ToConfidence() => [.. Keypoints.Chunk(3).Select(keypoint => keypoint[2])];
}
