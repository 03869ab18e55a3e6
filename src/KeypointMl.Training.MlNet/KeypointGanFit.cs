using KeypointMl.Detection;
using KeypointMl.Poses.Metrics;

namespace KeypointMl.Training.MlNet;

/// <summary>What a <see cref="KeypointGanEstimator"/> learnt.</summary>
/// <param name="Transformer">
/// Adds the keypoints to any data with the image column; saves and loads without libtorch. The caller disposes of it.
/// </param>
/// <param name="Detector">The bytes of <c>detector.onnx</c>.</param>
/// <param name="Generator">The bytes of <c>generator.onnx</c>, for <c>GenerateImage</c> and <c>TransferAppearance</c>.</param>
/// <param name="Metrics">The error on the test frames; null where there were none.</param>
/// <param name="Elapsed">Time spent training, over all resumptions.</param>
public sealed record KeypointGanFit(
    KeypointDetectingTransformer Transformer, byte[] Detector, byte[] Generator, KeypointMetrics? Metrics, TimeSpan Elapsed);
