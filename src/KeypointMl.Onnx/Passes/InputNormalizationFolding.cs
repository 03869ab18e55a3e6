using System.Collections.Immutable;
using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Passes;

/// <summary>
/// Folds the scaling, shifting and reordering of channels between an input of the graph and the first Conv into that
/// Conv's weights and bias, so that they cost nothing at run time: for v·s + t per channel, b ← b + Σ w·t, then w ←
/// w·s. Cast and Transpose stay. The results differ by the rounding of the new weights and of sums over larger numbers
/// (bytes instead of −1…1): about 2⁻²³ of the sum of |w·v| in front of the bias.
/// </summary>
/// <remarks>
/// A Conv pads with zeros of normalised space. If normalisation maps 0 to 0 they stay as they are; else the pass pads
/// explicitly with the one value that normalises to 0 in every channel, and leaves the graph alone where there is none
/// (different means per channel, or one that 32-bit floats do not hit exactly), where the padding is not stated as
/// numbers, and where the Pad would cost as much as what it saves.
/// </remarks>
public sealed class InputNormalizationFolding : IOnnxPass
{
    private const int FirstOpsetWithPadInputs = 11;

    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        var edits = new GraphEdits(model);
        IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> shapes =
            ShapeInference.Run(edits.Graph, ImmutableDictionary<string, long>.Empty);
        int folded = edits.Nodes().Where(node => GraphEdits.Is(node, "Conv")).ToArray()
            .Count(convolution => Fold(edits, shapes, convolution));
        if (folded > 0)
            edits.RemoveUnusedInitializers();
        edits.Commit();
        return folded;
    }

    private static bool Fold(GraphEdits edits, IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> shapes, NodeProto convolution)
    {
        if (!LinearFolding.CanRewrite(edits, convolution) || InputNormalization.Find(edits, shapes, convolution) is not { } chain)
            return false;
        if (chain.Reorders && NodeAttributes.Int(convolution, "group", 1) != 1)
            return false;
        bool pads = chain.Shift.Any(shift => shift != 0) && ConvolutionPadding.MayPad(convolution);
        if (chain.Removable.Length <= (pads ? 1 : 0))
            return false;
        if (pads && (edits.Opset < FirstOpsetWithPadInputs || ConvolutionPadding.Explicit(convolution) is null || chain.Zero is null))
            return false;

        LinearFolding.AbsorbInput(edits, convolution, chain.Scale, chain.Shift);
        if (chain.Reorders)
            LinearFolding.TakeInputsFrom(edits, convolution, chain.Channels, chain.SourceChannels);
        foreach (NodeProto node in chain.Removable)
            edits.TryBypass(node, InputNormalization.Data(edits, node));
        foreach (NodeProto node in chain.Kept)
            edits.Forget(node.Output[0]);
        if (pads)
            PadBefore(edits, convolution, chain.Zero!.Value);
        return true;
    }

    private static void PadBefore(GraphEdits edits, NodeProto convolution, float value)
    {
        long[] pads = ConvolutionPadding.Explicit(convolution)!;
        int rank = pads.Length / 2;
        string hint = convolution.Name.Length > 0 ? convolution.Name : convolution.Output[0];
        // Pad counts the axes of batch and channels too.
        var amounts = TensorData.Create<long>(
            edits.UniqueName(hint + ".pads"), [0, 0, .. pads[..rank], 0, 0, .. pads[rank..]], (2 * rank) + 4);
        var zero = TensorData.Create<float>(edits.UniqueName(hint + ".zero"), [value]);
        edits.Store(amounts);
        edits.Store(zero);
        NodeProto pad = edits.NewNode(hint + ".pad", "Pad", [convolution.Input[0], amounts.Name, zero.Name]);
        edits.InsertBefore(convolution, pad);
        edits.SetInput(convolution, 0, pad.Output[0]);
        NodeAttributes.SetInts(convolution, "pads", new long[pads.Length]);
    }
}
