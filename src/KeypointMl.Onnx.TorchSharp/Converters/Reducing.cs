using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Reductions over dimensions (ONNX: ReduceSum, ReduceMean…) and the norms made of them.</summary>
internal static class Reducing
{
    /// <summary>Writes a reduction by one of ONNX's operators.</summary>
    public static string Reduce(OnnxExportContext context, string opType, string x, IEnumerable<long> axes, bool keepDims)
    {
        // The axes moved from an attribute to an input: for ReduceSum in opset 13, for the others in opset 18.
        bool asInput = context.Opset >= 18 || opType == "ReduceSum";
        return asInput
            ? context.Node(opType, [x, context.Constant("axes", [.. axes])], ("keepdims", keepDims))
            : context.Node(opType, [x], ("axes", axes), ("keepdims", keepDims));
    }

    /// <summary>
    /// Writes the p-norm of floating-point vectors, as <c>torch.linalg.vector_norm</c> defines it: (Σ|x|ᵖ)^(1/p), the
    /// largest or smallest |x| for p = ±∞, the number of elements that are not 0 for p = 0.
    /// </summary>
    public static string Norm(OnnxExportContext context, string x, double p, IEnumerable<long> axes, bool keepDims) => p switch
    {
        1 => Reduce(context, "ReduceL1", x, axes, keepDims),
        2 => Reduce(context, "ReduceL2", x, axes, keepDims),
        0 => Reduce(context, "ReduceSum", context.Node("Abs", [context.Node("Sign", [x])]), axes, keepDims),
        double.PositiveInfinity => Reduce(context, "ReduceMax", context.Node("Abs", [x]), axes, keepDims),
        double.NegativeInfinity => Reduce(context, "ReduceMin", context.Node("Abs", [x]), axes, keepDims),
        _ => context.Node("Pow",
            [Reduce(context, "ReduceSum", context.Node("Pow", [context.Node("Abs", [x]), context.Scalar("p", p)]), axes, keepDims),
                context.Scalar("root", 1 / p)]),
    };

    /// <summary>Writes vectors divided by their norm, which counts as <paramref name="eps"/> at least.</summary>
    public static string Normalize(OnnxExportContext context, string x, double p, long axis, double eps) =>
        context.Node("Div", [x, context.Node("Max", [Norm(context, x, p, [axis], keepDims: true), context.Scalar("eps", eps)])]);

    /// <summary>How many elements a reduction of the call's first input adds up.</summary>
    /// <exception cref="OnnxExportException">A size is open at run time.</exception>
    public static long CountOf(OnnxExportContext context, IEnumerable<long> axes)
    {
        int rank = context.InputShape(0).Length;
        OnnxDimension[] sizes = [.. axes.Select(axis => context.InputDimensions(0)[ShapeNodes.Axis(axis, rank)])];
        return sizes.All(size => size.IsFixed)
            ? sizes.Aggregate(1L, (product, size) => product * size.Value!.Value)
            : throw context.Error(
                $"it needs the number of elements over dimensions of sizes [{string.Join(',', sizes)}]. Fix those sizes.");
    }
}
