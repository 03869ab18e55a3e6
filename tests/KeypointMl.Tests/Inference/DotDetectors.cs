using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;

namespace KeypointMl.Tests.Inference;

/// <summary>Detectors that find a red, a green and a blue dot.</summary>
internal static class DotDetectors
{
    public static KeypointDetectorOptions Cpu { get; } = new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 };

    public static KeypointDetector Load(KeypointDetectorOptions options) =>
        KeypointDetector.Load(TestModels.Detector(), "detector.onnx", options);
}
