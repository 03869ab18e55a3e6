using System.Numerics;

namespace KeypointMl.Poses;

/// <summary>What an evaluated frame is beside its two poses.</summary>
/// <param name="Group">The group of frames that it belongs to, such as an activity; empty for none.</param>
/// <param name="Cluster">What it was drawn with, such as its video: confidence intervals resample whole clusters, because frames of one video are alike. Empty: the frame alone.</param>
/// <param name="SourceScale">How many pixels of the original crop a pixel of the image is, along x and y; zero where that is not known.</param>
/// <param name="OfflinePose">What the offline η reads off the rendered prediction, in pixels of the image, to tell left from right; null for none.</param>
/// <param name="Confidence">The predictions' confidences [K] in [0,1]; null where there are none.</param>
public readonly record struct FrameContext(
    string Group = "", string Cluster = "", Vector2 SourceScale = default, IReadOnlyList<Vector2>? OfflinePose = null, IReadOnlyList<float>? Confidence = null);
