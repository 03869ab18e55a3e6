using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>
/// A row of detected keypoints, for <c>CreatePredictionEngine</c> and <c>CreateEnumerable</c>; it reads the column <c>Keypoints</c>. Derive from it to read others
/// beside it.
/// </summary>
public class KeypointPrediction
{
    /// <summary>x₀, y₀, x₁, … in pixels of the image: 2·K floats.</summary>
    [VectorType]
    public float[] Keypoints { get; set; } = [];

    /// <summary>The keypoints as K points in pixels of the image, in the order of the skeleton.</summary>
    public Vector2[] ToPoints() => MemoryMarshal.Cast<float, Vector2>(Keypoints).ToArray();
}
