using KeypointMl.Tests.Data;

namespace KeypointMl.Tests.Models;

/// <summary>Where the models of <c>onnx/</c> are.</summary>
internal static class ShippedModels
{
    public static string Detector(string name) => Path.Combine(RealData.RepositoryRoot, "onnx", name, "detector.onnx");

    public static string Generator(string name) => Path.Combine(RealData.RepositoryRoot, "onnx", name, "generator.onnx");
}
