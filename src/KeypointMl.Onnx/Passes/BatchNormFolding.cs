using System.Collections.Immutable;
using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Passes;

/// <summary>
/// Folds a BatchNormalization, v·s + t with s = γ/√(σ² + ε) and t = β − μ·s, into a neighbour's weights, computed in
/// 64-bit floats: behind a Conv, ConvTranspose, Gemm or MatMul with Add (w ← w·s, b ← b·s + t), or in front of a Conv
/// that adds no padding (b ← b + Σ w·t, w ← w·s: a padded zero would have to be t). Left alone are layers whose result
/// is used elsewhere too, whose weights are shared with another node, or whose weights are not stored as 32-bit floats.
/// </summary>
public sealed class BatchNormFolding : IOnnxPass
{
    private const float DefaultEpsilon = 1e-5f;

    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        var edits = new GraphEdits(model);
        var shapes = new Lazy<IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>>>(
            () => ShapeInference.Run(model.Proto.Graph, ImmutableDictionary<string, long>.Empty));
        int folded = 0;
        foreach (NodeProto norm in edits.Nodes().Where(node => GraphEdits.Is(node, "BatchNormalization")).ToArray())
        {
            if (!IsInference(norm) || !Enumerable.Range(1, 4).All(input => edits.FloatConstant(norm, input) is not null))
                continue;
            if (Affine(edits, norm) is not var (scale, shift))
                continue;
            if (FoldIntoLayerBefore(edits, norm, scale, shift) || FoldIntoProductBefore(edits, shapes, norm, scale, shift)
                || FoldIntoConvolutionAfter(edits, norm, scale, shift))
                folded++;
        }
        if (folded > 0)
            edits.RemoveUnusedInitializers();
        edits.Commit();
        return folded;
    }

    // Before opset 9 "spatial" could ask for statistics of every pixel; from 14 on a training form gives more outputs.
    private static bool IsInference(NodeProto norm) =>
        norm.Output.Skip(1).All(output => output.Length == 0) && NodeAttributes.Int(norm, "training_mode", 0) == 0
        && NodeAttributes.Int(norm, "spatial", 1) == 1;

    // Null where the parameters are not as many as each other, which the checker finds only where it knows the input's shape.
    private static (double[] Scale, double[] Shift)? Affine(GraphEdits edits, NodeProto norm)
    {
        (float[] gamma, float[] beta, float[] mean, float[] variance) = (Read(1), Read(2), Read(3), Read(4));
        if (new[] { beta, mean, variance }.Any(others => others.Length != gamma.Length))
            return null;
        double epsilon = NodeAttributes.Float(norm, "epsilon", DefaultEpsilon);
        double[] scale = [.. gamma.Zip(variance, (factor, spread) => factor / Math.Sqrt(spread + epsilon))];
        return (scale, [.. scale.Select((factor, channel) => beta[channel] - (mean[channel] * factor))]);

        float[] Read(int input) => TensorData.Floats(edits.Constant(norm, input)!).ToArray();
    }

    private static bool FoldIntoLayerBefore(GraphEdits edits, NodeProto norm, double[] scale, double[] shift)
    {
        if (edits.Maker(norm.Input[0]) is not { } layer || edits.SoleReader(norm.Input[0]) != norm)
            return false;
        if (!LinearFolding.CanRewrite(edits, layer) || LinearFolding.OutputChannels(edits, layer) != scale.Length
            || NodeAttributes.Float(layer, "beta", 1) != 1)
            return false;
        LinearFolding.ScaleOutputs(edits, layer, scale, shift);
        TakeOver(edits, layer, norm);
        return true;
    }

    // MatMul [N,K]·[K,M], then Add of [M].
    private static bool FoldIntoProductBefore(
        GraphEdits edits,
        Lazy<IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>>> shapes,
        NodeProto norm,
        double[] scale,
        double[] shift)
    {
        if (edits.Maker(norm.Input[0]) is not { } add || !GraphEdits.Is(add, "Add") || edits.SoleReader(norm.Input[0]) != norm)
            return false;
        int side = edits.FloatConstant(add, 0) is null ? 1 : 0;
        if (edits.FloatConstant(add, side) is not { } bias || TensorData.Count(bias) != scale.Length || bias.Dims.Count is < 1 or > 2
            || bias.Dims[^1] != scale.Length)
            return false;
        if (edits.Maker(add.Input[1 - side]) is not { } product || !GraphEdits.Is(product, "MatMul")
            || edits.SoleReader(add.Input[1 - side]) != add)
            return false;
        if (edits.FloatConstant(product, 1) is not { Dims.Count: 2 } weight || weight.Dims[1] != scale.Length
            || edits.SoleReader(weight.Name) is null)
            return false;
        // BatchNormalization's channels are axis 1, which is the last, the product's, only in two dimensions.
        if (!shapes.Value.TryGetValue(product.Input[0], out ImmutableArray<OnnxDimension> shape) || shape.Length != 2)
            return false;
        float[] shifted = [.. TensorData.Floats(bias).ToArray()
            .Select((value, channel) => (float)((value * scale[channel]) + shift[channel]))];
        LinearFolding.ScaleWeights(edits, weight.Name, (_, channel) => scale[channel]);
        string name = edits.UniqueName(bias.Name + ".folded");
        edits.Store(TensorData.Create<float>(name, shifted, shifted.Length));
        edits.SetInput(add, side, name);
        TakeOver(edits, add, norm);
        return true;
    }

    private static bool FoldIntoConvolutionAfter(GraphEdits edits, NodeProto norm, double[] scale, double[] shift)
    {
        if (edits.SoleReader(norm.Output[0]) is not { } convolution || !GraphEdits.Is(convolution, "Conv")
            || convolution.Input[0] != norm.Output[0])
            return false;
        if (!LinearFolding.CanRewrite(edits, convolution) || LinearFolding.InputChannels(edits, convolution) != scale.Length)
            return false;
        if (ConvolutionPadding.MayPad(convolution) && shift.Any(value => value != 0))
            return false;
        LinearFolding.AbsorbInput(edits, convolution, scale, shift);
        return edits.TryBypass(norm, norm.Input[0]);
    }

    private static void TakeOver(GraphEdits edits, NodeProto layer, NodeProto norm)
    {
        edits.Remove(norm);
        edits.RenameOutput(layer, 0, norm.Output[0]);
    }
}
