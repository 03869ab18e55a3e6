using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Distances between two tensors (ONNX: Sub, ReduceL2… and Div).</summary>
internal static class DistanceConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<CosineSimilarity>((context, module, inputs) => [Cosine(context, module, inputs)])
        .With<PairwiseDistance>((context, module, inputs) =>
        {
            string difference = context.Node("Add", [context.Node("Sub", [inputs[0], inputs[1]]), context.Scalar("eps", module.eps)]);
            return [Reducing.Norm(context, difference, module.norm, [-1], module.keepdim)];
        });

    private static string Cosine(OnnxExportContext context, CosineSimilarity module, IReadOnlyList<string> inputs)
    {
        int rank = Math.Max(context.InputShape(0).Length, context.InputShape(1).Length);
        int axis = ShapeNodes.Axis(module.dim, rank) - rank;
        if (context.InputShape(0).ElementAtOrDefault(^-axis) != context.InputShape(1).ElementAtOrDefault(^-axis))
        {
            throw context.Error(
                $"its inputs have shapes [{string.Join(',', context.InputDimensions(0))}] and "
                + $"[{string.Join(',', context.InputDimensions(1))}], which differ along the dimension compared. Expand one before.");
        }
        string product = context.Node("Mul",
            [Reducing.Normalize(context, inputs[0], 2, axis, module.eps), Reducing.Normalize(context, inputs[1], 2, axis, module.eps)]);
        return Reducing.Reduce(context, "ReduceSum", product, [axis], keepDims: false);
    }
}
