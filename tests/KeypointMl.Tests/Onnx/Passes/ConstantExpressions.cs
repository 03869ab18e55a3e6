using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>Graphs of stored tensors alone.</summary>
internal static class ConstantExpressions
{
    public static OnnxModel Expression(OnnxElementType type, Func<OnnxGraphBuilder, string> add, int opset = 17) => AnyRank.Build(sizes =>
    {
        var builder = new OnnxGraphBuilder(opset: opset);
        builder.ReserveName("result");
        builder.RenameValue(builder.AddNode("identity", "Identity", [add(builder)]), "result");
        builder.AddOutput("result", type, sizes);
        return builder.Build();
    });

    public static string Ramp(OnnxGraphBuilder builder, params long[] shape) =>
        builder.AddInitializer<float>("ramp", SmallModel.Ramp((int)shape.Aggregate(1L, (product, size) => product * size)), shape);

    public static string Longs(OnnxGraphBuilder builder, params long[] values) =>
        builder.AddInitializer<long>("longs", values, values.Length);
}
