using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Heat maps → points, as Newell et al. (2016) read them: the highest cell, moved by a quarter of a cell along each
/// axis towards the higher of its two neighbours, where it has both. Not differentiable. A cell is
/// <see cref="StackedHourglass.Stride"/> pixels wide and its centre lies between theirs.
/// </summary>
internal sealed class HeatmapPeaks : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>, IOnnxExportable
{
    private const double Nudge = 0.25;

    /// <summary>Creates the operation; it has no weights.</summary>
    public HeatmapPeaks()
        : base(nameof(HeatmapPeaks))
    {
    }

    /// <summary>Heat maps [N,K,h,w] → points [N,K,2] (x,y) in [−1,1] of the image and the peaks' heights [N,K], clamped to [0,1].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor heatmaps)
    {
        (long height, long width) = (heatmaps.shape[2], heatmaps.shape[3]);
        Tensor flat = heatmaps.flatten(2);                                      // [N,K,h·w]
        Tensor index = flat.argmax(2, keepdim: true);                           // [N,K,1]
        Tensor column = index.remainder(width);
        Tensor row = index.div(width, RoundingMode.floor);
        Tensor x = Coordinate(column, 1, width);
        Tensor y = Coordinate(row, width, height);
        return (cat([x, y], -1), flat.gather(2, index).squeeze(2).clamp(0, 1));

        Tensor Coordinate(Tensor cell, long step, long size)
        {
            Tensor after = flat.gather(2, (index + step).clamp(0, height * width - 1));
            Tensor before = flat.gather(2, (index - step).clamp(0, height * width - 1));
            Tensor inside = cell.gt(0).logical_and(cell.lt(size - 1)).to(flat.dtype);
            (double scale, double shift) = ToNormalized(size);
            return (cell.to(flat.dtype) + (after - before).sign() * inside * Nudge) * scale + shift;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        long[] shape = context.InputShape(0);
        (long keypoints, long height, long width) = (shape[1], shape[2], shape[3]);
        string flat = context.Node("Reshape", [inputs[0], context.Constant("flat", [-1L, keypoints, height * width])]);
        string index = context.Node("ArgMax", [flat], ("axis", 2L), ("keepdims", 1L));
        string rowLength = context.Scalar("width", width);
        string x = Coordinate(context.Node("Mod", [index, rowLength]), 1, width);
        string y = Coordinate(context.Node("Div", [index, rowLength]), width, height);
        string peak = context.Node(
            "Squeeze", [context.Node("GatherElements", [flat, index], ("axis", 2L)), context.Constant("last_axis", [2L])]);
        return
        [
            context.Node("Concat", [x, y], ("axis", 2L)),
            context.Node("Clip", [peak, context.Scalar("zero", 0.0), context.Scalar("one", 1.0)]),
        ];

        string Coordinate(string cell, long step, long size)
        {
            string difference = context.Node("Sub", [Neighbour("Add", step), Neighbour("Sub", step)]);
            string inside = context.Node("And",
                [context.Node("Greater", [cell, context.Scalar("first", 0L)]),
                    context.Node("Less", [cell, context.Scalar("last", size - 1)])]);
            string towards = context.Node("Mul", [context.Node("Sign", [difference]), context.Node("Cast", [inside], ("to", 1L))]);
            string moved = context.Node(
                "Add", [context.Node("Cast", [cell], ("to", 1L)), context.Node("Mul", [towards, context.Scalar("nudge", Nudge)])]);
            (double scale, double shift) = ToNormalized(size);
            return context.Node("Add", [context.Node("Mul", [moved, context.Scalar("scale", scale)]), context.Scalar("shift", shift)]);
        }

        string Neighbour(string direction, long step)
        {
            string beside = context.Node(direction, [index, context.Scalar("step", step)]);
            string clamped = context.Node("Clip", [beside, context.Scalar("lowest", 0L), context.Scalar("highest", height * width - 1)]);
            return context.Node("GatherElements", [flat, clamped], ("axis", 2L));
        }
    }

    /// <summary>Cell c of a map of so many cells is at c·Scale + Shift in the image's [−1,1]: pixel (c + ½)·4 − ½.</summary>
    internal static (double Scale, double Shift) ToNormalized(long cells)
    {
        double last = cells * StackedHourglass.Stride - 1;
        return (2 * StackedHourglass.Stride / last, (StackedHourglass.Stride - 1) / last - 1);
    }
}
