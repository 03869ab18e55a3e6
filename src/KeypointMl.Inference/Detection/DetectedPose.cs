using System.Numerics;

namespace KeypointMl.Inference;

/// <summary>One detected pose.</summary>
/// <param name="Keypoints">K points in pixels of the frame, 0 = centre of the first pixel, in the order of the detector's skeleton.</param>
/// <param name="Confidence">K values in [0,1].</param>
public sealed record DetectedPose(Vector2[] Keypoints, float[] Confidence);
