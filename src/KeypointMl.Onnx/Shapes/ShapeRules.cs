using System.Collections.Frozen;
using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>
/// How the shapes of an operator's outputs follow from its inputs, by operator. A default shape, or one that is left
/// out, means: not known here.
/// </summary>
internal static class ShapeRules
{
    private static readonly FrozenDictionary<string, Func<NodeShapes, Shape[]>> Rules = Table().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The shapes of a node's outputs.</summary>
    /// <exception cref="ShapeConflictException">The inputs' shapes or the attributes contradict the operator.</exception>
    public static Shape[] Infer(NodeShapes node)
    {
        ListInputs.Check(node);
        return Rules.TryGetValue(node.Node.OpType, out Func<NodeShapes, Shape[]>? rule) ? rule(node) : [];
    }

    private static Dictionary<string, Func<NodeShapes, Shape[]>> Table()
    {
        var rules = new Dictionary<string, Func<NodeShapes, Shape[]>>(StringComparer.Ordinal);
        AddElementwise(rules);
        AddLayers(rules);
        AddLayout(rules);
        AddIndexing(rules);
        AddSources(rules);
        return rules;
    }

    private static void AddElementwise(Dictionary<string, Func<NodeShapes, Shape[]>> rules)
    {
        foreach (string name in NormalizationShapeRules.Keeping)
            rules[name] = node => [node[0]];
        string[] broadcasting =
        [
            "Add", "And", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Div", "Equal", "Greater", "GreaterOrEqual", "Less",
                "LessOrEqual", "Max", "Mean", "Min", "Mod", "Mul", "Or", "Pow",
            "StringConcat", "Sub", "Sum", "Where", "Xor",
        ];
        foreach (string name in broadcasting)
            rules[name] = node => [DimensionArithmetic.Broadcast(Enumerable.Range(0, node.Count).Select(index => node[index]))];
        foreach (string name in (string[])["Softmax", "LogSoftmax", "Hardmax"])
            rules[name] = One(NormalizationShapeRules.AlongAxis);
        rules["PRelu"] = One(NormalizationShapeRules.Slope);
        rules["Dropout"] = node => [node[0], node[0]];
        rules["QuantizeLinear"] = rules["DequantizeLinear"] = One(NormalizationShapeRules.Quantized);
        rules["DynamicQuantizeLinear"] = node => [node[0], [], []];
    }

    private static void AddLayers(Dictionary<string, Func<NodeShapes, Shape[]>> rules)
    {
        rules["Conv"] = node => [SpatialShapeRules.Convolution(node, weightInput: 1, biasInput: 2)];
        // ConvInteger's inputs 2 and 3 are zero points, DeformConv's input 2 are offsets.
        rules["ConvInteger"] = node => [SpatialShapeRules.Convolution(node, weightInput: 1, biasInput: 4)];
        rules["DeformConv"] = node => [SpatialShapeRules.Convolution(node, weightInput: 1, biasInput: 3)];
        rules["QLinearConv"] = node => [SpatialShapeRules.Convolution(node, weightInput: 3, biasInput: 8)];
        rules["ConvTranspose"] = One(SpatialShapeRules.Transposed);
        foreach (string name in (string[])["MaxPool", "AveragePool", "LpPool"])
            rules[name] = node => [.. Enumerable.Repeat(SpatialShapeRules.Pool(node), node.Node.Output.Count)];
        foreach (string name in (string[])["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"])
            rules[name] = One(SpatialShapeRules.GlobalPool);
        rules["MaxUnpool"] = One(SpatialShapeRules.Unpool);
        rules["RoiAlign"] = node => [SpatialShapeRules.Regions(node, node.Int("output_height", 1), node.Int("output_width", 1))];
        rules["MaxRoiPool"] = node => node.Ints("pooled_shape") is [var height, var width]
            ? [SpatialShapeRules.Regions(node, height, width)]
            : [];
        rules["BatchNormalization"] = NormalizationShapeRules.Batch;
        rules["InstanceNormalization"] = One(NormalizationShapeRules.Instance);
        rules["GroupNormalization"] = One(NormalizationShapeRules.Group);
        rules["LayerNormalization"] = NormalizationShapeRules.Layer;
        rules["RMSNormalization"] = node => [.. NormalizationShapeRules.Layer(node).Take(1)];
        rules["MatMul"] = rules["MatMulInteger"] = node => [ProductShapeRules.MatMul(node[0], node[1])];
        rules["QLinearMatMul"] = node => [ProductShapeRules.MatMul(node[0], node[3])];
        rules["Gemm"] = One(ProductShapeRules.Gemm);
        rules["Einsum"] = One(ProductShapeRules.Einsum);
        rules["Attention"] = One(ProductShapeRules.Attention);
        rules["RNN"] = node => RecurrentShapeRules.Recurrent(node, gates: 1, states: 1);
        rules["GRU"] = node => RecurrentShapeRules.Recurrent(node, gates: 3, states: 1);
        rules["LSTM"] = node => RecurrentShapeRules.Recurrent(node, gates: 4, states: 2);
        rules["NegativeLogLikelihoodLoss"] = rules["SoftmaxCrossEntropyLoss"] = IndexingShapeRules.Loss;
    }

    private static void AddLayout(Dictionary<string, Func<NodeShapes, Shape[]>> rules)
    {
        rules["Resize"] = rules["Upsample"] = One(ResamplingShapeRules.Resize);
        rules["GridSample"] = One(ResamplingShapeRules.GridSample);
        rules["AffineGrid"] = One(ResamplingShapeRules.AffineGrid);
        rules["DepthToSpace"] = One(ResamplingShapeRules.DepthToSpace);
        rules["SpaceToDepth"] = One(ResamplingShapeRules.SpaceToDepth);
        rules["Col2Im"] = One(ResamplingShapeRules.Col2Im);
        rules["CenterCropPad"] = One(ResamplingShapeRules.CenterCropPad);
        rules["Concat"] = One(LayoutShapeRules.Concat);
        rules["Split"] = LayoutShapeRules.Split;
        rules["Slice"] = One(LayoutShapeRules.Slice);
        rules["Pad"] = One(LayoutShapeRules.Pad);
        rules["Transpose"] = One(LayoutShapeRules.Transpose);
        rules["Expand"] = One(LayoutShapeRules.Expand);
        rules["Tile"] = One(LayoutShapeRules.Tile);
        rules["Reshape"] = One(ReshapeShapeRules.Reshape);
        rules["Flatten"] = One(ReshapeShapeRules.Flatten);
        rules["Unsqueeze"] = One(ReshapeShapeRules.Unsqueeze);
        rules["Squeeze"] = One(ReshapeShapeRules.Squeeze);
    }

    private static void AddIndexing(Dictionary<string, Func<NodeShapes, Shape[]>> rules)
    {
        rules["Gather"] = One(IndexingShapeRules.Gather);
        rules["GatherElements"] = One(IndexingShapeRules.GatherElements);
        rules["GatherND"] = One(IndexingShapeRules.GatherNd);
        rules["ScatterElements"] = rules["Scatter"] = One(IndexingShapeRules.ScatterElements);
        rules["TopK"] = IndexingShapeRules.TopK;
        rules["ArgMax"] = rules["ArgMin"] = One(IndexingShapeRules.ArgExtreme);
        foreach (string name in (string[])["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean",
            "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare"])
            rules[name] = One(IndexingShapeRules.Reduce);
        rules["OneHot"] = One(IndexingShapeRules.OneHot);
        rules["Compress"] = One(IndexingShapeRules.Compress);
        rules["Unique"] = IndexingShapeRules.Unique;
        rules["NonZero"] = node => [[node[0].IsDefault ? OnnxDimension.Unknown : node[0].Length, OnnxDimension.Unknown]];
        rules["NonMaxSuppression"] = _ => [[OnnxDimension.Unknown, 3]];
        rules["Det"] = node => [node[0] is { IsDefault: false, Length: >= 2 } x ? x[..^2] : default];
    }

    private static void AddSources(Dictionary<string, Func<NodeShapes, Shape[]>> rules)
    {
        rules["Constant"] = One(SourceShapeRules.Constant);
        rules["ConstantOfShape"] = node => [SourceShapeRules.Given(node, 0)];
        rules["EyeLike"] = One(SourceShapeRules.Square);
        rules["RandomNormal"] = rules["RandomUniform"] = One(SourceShapeRules.Listed);
        rules["Multinomial"] = One(SourceShapeRules.Samples);
        rules["Range"] = One(SourceShapeRules.Range);
        rules["Shape"] = One(SourceShapeRules.SizesOf);
        rules["Size"] = _ => [[]];
        rules["DFT"] = One(SignalShapeRules.Dft);
        rules["STFT"] = One(SignalShapeRules.Stft);
        rules["MelWeightMatrix"] = One(SignalShapeRules.MelWeights);
        foreach (string name in (string[])["BlackmanWindow", "HammingWindow", "HannWindow"])
            rules[name] = One(SourceShapeRules.Window);
    }

    private static Func<NodeShapes, Shape[]> One(Func<NodeShapes, Shape> rule) => node => [rule(node)];
}
