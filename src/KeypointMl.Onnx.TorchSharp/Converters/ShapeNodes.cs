using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Reshapes that keep run-time sizes open.</summary>
internal static class ShapeNodes
{
    /// <summary>Reshapes a value.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="x">The value.</param>
    /// <param name="from">Its shape; empty if unknown.</param>
    /// <param name="to">The shape wanted.</param>
    /// <param name="shapeOf">A value that has the shape wanted, if there is one.</param>
    /// <exception cref="OnnxExportException">More sizes are open than a graph can find out.</exception>
    public static string Reshape(
        OnnxExportContext context,
        string x,
        IReadOnlyList<OnnxDimension> from,
        IReadOnlyList<OnnxDimension> to,
        string? shapeOf = null)
    {
        var shape = new long[to.Count];
        int open = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (to[axis].Value is { } size)
                shape[axis] = size;
            else if (axis < from.Count && to[axis].Symbol is { } symbol && from[axis].Symbol == symbol)
                shape[axis] = 0;
            else
                shape[axis] = ++open == 1 ? -1 : shape[axis];
        }
        if (open <= 1)
            return context.Node("Reshape", [x, context.Constant("shape", shape)]);
        return shapeOf is not null
            ? context.Node("Reshape", [x, context.Node("Shape", [shapeOf])])
            : throw context.Error(
                $"it gives shape [{string.Join(',', to)}], in which more than one size is open at run time. Fix all but one.");
    }

    /// <summary>A size of the first input that nodes can only have as a number, as those that divide or multiply it do.</summary>
    /// <exception cref="OnnxExportException">The size is open at run time.</exception>
    public static long FixedSize(OnnxExportContext context, int axis, string what) =>
        context.InputDimensions(0)[axis].Value
        ?? throw context.Error(
            $"its input is [{string.Join(',', context.InputDimensions(0))}], in which the {what} must not be open at run time: "
            + "nodes have it as a number. Fix that size.");

    /// <summary>A dimension counted from the start.</summary>
    public static int Axis(long dim, int rank) => (int)(dim < 0 ? dim + rank : dim);

    /// <summary>Takes a range of one dimension.</summary>
    public static string Slice(OnnxExportContext context, string x, long axis, long start, long end, long step = 1)
    {
        string[] inputs = [x, context.Constant("starts", [start]), context.Constant("ends", [end]), context.Constant("axes", [axis])];
        return context.Node("Slice", step == 1 ? inputs : [.. inputs, context.Constant("steps", [step])]);
    }

    /// <summary>Reverses the order along dimensions.</summary>
    public static string Flip(OnnxExportContext context, string x, params long[] axes) => context.Node(
        "Slice",
        [
            x,
            context.Constant("starts", [.. axes.Select(_ => -1L)]),
            context.Constant("ends", [.. axes.Select(_ => long.MinValue + 1)]),
            context.Constant("axes", axes),
            context.Constant("steps", [.. axes.Select(_ => -1L)]),
        ]);

    /// <summary>Cuts a dimension into parts of fixed sizes.</summary>
    public static string[] Split(OnnxExportContext context, string x, long axis, params long[] sizes) =>
        context.Node("Split", [x, context.Constant("sizes", sizes)], sizes.Length, ("axis", axis));
}
