using System.Numerics;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>A row of keypoints with their confidences in one vector (see <see cref="KeypointDetectionOptions.InterleaveConfidence"/>); reads the column <c>Keypoints</c>.</summary>
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
