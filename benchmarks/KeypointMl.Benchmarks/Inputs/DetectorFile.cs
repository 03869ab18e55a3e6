using KeypointMl.Inference.Contracts;
using KeypointMl.Onnx.Model;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Benchmarks;

/// <summary>A detector to be measured.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Model">The graph, which keeps the contract.</param>
/// <param name="Size">The width and height of its images.</param>
/// <param name="Keypoints">How many keypoints it finds.</param>
internal sealed record DetectorFile(string Name, OnnxModel Model, int Size, int Keypoints)
{
    private const int PaperKeypoints = 32;

    /// <summary>The detector of puppets as it is shipped.</summary>
    public static DetectorFile Small()
    {
        var model = OnnxModel.Load(Path.Combine(AppContext.BaseDirectory, "onnx", "puppets", "detector.onnx"));
        int size = (int)model.Inputs[0].Dimensions[1].Value!;
        return new DetectorFile($"puppets, {size} px (shipped)", model, size, (int)model.Outputs[0].Dimensions[1].Value!);
    }

    /// <summary>The shapes of the preset paper-128 with random weights, on which speed does not depend.</summary>
    public static DetectorFile Paper128()
    {
        OnnxModel model = DetectorGraph.Build(128, 32, PaperKeypoints);
        var skeleton = new Skeleton("random", [.. Enumerable.Range(0, PaperKeypoints).Select(k => $"k{k}")], []);
        foreach ((string key, string value) in new ModelMetadata(
            ModelKind.Detector, skeleton, """{"recipe":"none: random weights"}""").ToProperties())
            model.SetMetadata(key, value);
        return new DetectorFile("shapes of paper-128", model, 128, PaperKeypoints);
    }
}
