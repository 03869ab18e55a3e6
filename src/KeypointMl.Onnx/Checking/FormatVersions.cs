using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Checking;

/// <summary>Which version of the file format (IR version) brought which element type.</summary>
internal static class FormatVersions
{
    /// <summary>Lists element types that the model's version of the format does not have yet.</summary>
    public static void Check(ModelProto model, CheckContext context)
    {
        foreach (OnnxElementType type in Types(model).Distinct())
        {
            if (Introduced(type) is var needed && needed > context.IrVersion)
            {
                context.Problems.Add(
                    $"The model uses element type {type}, which version {needed} of the file format introduced; "
                    + $"it has version {context.IrVersion}.");
            }
        }
        if (context.IrVersion < 10
            && (model.Functions.Any(function => function.Overload.Length > 0)
                || ModelWalk.Nodes(model).Any(pair => pair.Node.Overload.Length > 0)))
        {
            context.Problems.Add(
                "The model uses overloads of functions, which version 10 of the file format introduced; "
                + $"it has version {context.IrVersion}.");
        }
    }

    private static IEnumerable<OnnxElementType> Types(ModelProto model) =>
        ModelWalk.Tensors(model).Select(pair => (OnnxElementType)pair.Tensor.DataType)
            .Concat(model.Graph.Input.Concat(model.Graph.Output).Concat(model.Graph.ValueInfo)
                .Select(info => OnnxValueInfo.From(info).ElementType));

    private static int Introduced(OnnxElementType type) => type switch
    {
        OnnxElementType.UInt2 or OnnxElementType.Int2 => 13,
        OnnxElementType.Float8E8M0 => 12,
        OnnxElementType.Float4E2M1 => 11,
        OnnxElementType.UInt4 or OnnxElementType.Int4 => 10,
        >= OnnxElementType.Float8E4M3FN and <= OnnxElementType.Float8E5M2FNUZ => 9,
        _ => 3,
    };
}
