using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx;

/// <summary>Models small enough to reason about by hand.</summary>
internal static class SmallModel
{
    /// <summary>image [N,3,8,8] → Conv 3→4, 3×3, stride 2 → BatchNormalization → Relu → heat [N,4,4,4].</summary>
    public static OnnxModel ConvNormRelu()
    {
        var builder = new OnnxGraphBuilder("small");
        string image = builder.AddInput("image", OnnxElementType.Float, "N", 3, 8, 8);
        builder.ReserveName("heat");
        string weight = builder.AddInitializer<float>("weight", Ramp(4 * 3 * 3 * 3), 4, 3, 3, 3);
        string conv = builder.AddNode(
            "conv", "Conv", [image, weight], OnnxAttribute.Ints("strides", 2, 2), OnnxAttribute.Ints("pads", 1, 1, 1, 1));
        string[] norms = [.. new[] { "gamma", "beta", "mean",
            "variance" }.Select((name, index) => builder.AddInitializer<float>(name, [1, 2, 3, 4 + index], 4))];
        string norm = builder.AddNode("norm", "BatchNormalization", [conv, .. norms], OnnxAttribute.Float("epsilon", 1e-3f));
        string relu = builder.AddNode("relu", "Relu", [norm]);
        builder.RenameValue(relu, "heat");
        builder.AddOutput("heat", OnnxElementType.Float, "N", 4, 4, 4);
        OnnxModel model = builder.Build("test", "1.2");
        model.SetMetadata("test.purpose", "to be read back");
        OfficialChecker.AssertAgrees(model);
        return model;
    }

    /// <summary>−0.5 … 0.5 in even steps.</summary>
    public static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(index => ((float)index / count) - 0.5f)];
}
