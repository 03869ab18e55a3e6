
namespace KeypointMl.Testing;

/// <summary>Where the models of <c>onnx/</c> are.</summary>
internal static class ShippedModels
{
    public static string Detector(string name) => Path.Combine(RepositoryFiles.Root, "onnx", name, "detector.onnx");

    public static string Generator(string name) => Path.Combine(RepositoryFiles.Root, "onnx", name, "generator.onnx");
}
