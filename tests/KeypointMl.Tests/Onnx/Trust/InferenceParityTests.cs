using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using KeypointMl.Onnx.Checking;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>
/// Types and shapes of single operators as we find them, against those that the official package infers: wherever it
/// knows something, we must know it too.
/// </summary>
[TestClass]
public sealed class InferenceParityTests
{
    // Operator, outputs, inputs, attributes. An input is a value (f[N,3], i64[2], b[…]), a stored list (i64{1,2},
    // f{1,2}), a stored number (i64:3) or left out (-).
    private static readonly string[] Graphs =
    [
        "Add 1 f[N,3,1] f[4]", "Where 1 b[3] f[2,3] f[]", "Max 1 f[N,1] f[1,5] f[5]", "Mod 1 i64[3] i64[1]", "Equal 1 f[2,1] f[3]",
            "Not 1 b[N]", "PRelu 1 f[N,3,4] f[3,1]", "Pow 1 f[2] i64[2]",
        "Cast 1 f[N] to=7", "Clip 1 f[N] f:0", "CumSum 1 f[2,3] i64:1", "Softmax 1 f[N,3] axis=-1", "Dropout 2 f[N,3]",
            "IsNaN 1 f[N]", "Trilu 1 f[3,4] i64:1", "Erf 1 f[N]", "Identity 1 f[N,2]",
        "Conv 1 f[N,3,9,8] f[4,3,3,3] f[4] strides=2,2 pads=1,1,0,1", "Conv 1 f[N,4,9] f[6,2,3] group=2 dilations=2",
            "Conv 1 f[1,3,9,8] f[4,3,3,2] auto_pad=SAME_UPPER strides=2,3",
        "Conv 1 f[1,3,9,8] f[4,3,3,2] auto_pad=VALID",
            "ConvTranspose 1 f[N,3,5,6] f[3,2,3,3] strides=2,2 pads=1,1,1,1 output_padding=1,1 group=2",
                "ConvTranspose 1 f[N,3,5] f[3,2,3] strides=2 auto_pad=SAME_UPPER",
        "ConvInteger 1 u8[N,3,9,8] u8[4,3,3,3]", "QLinearConv 1 u8[N,3,9,8] f:1 u8:0 u8[4,3,3,3] f:1 u8:0 f:1 i8:0",
        "MaxPool 2 f[N,3,9,8] kernel_shape=3,2 strides=2,2 pads=1,0,1,0", "AveragePool 1 f[N,3,9] kernel_shape=2 strides=2",
            "LpPool 1 f[N,3,9] kernel_shape=2 strides=2",
        "GlobalAveragePool 1 f[N,3,9,8]", "GlobalLpPool 1 f[N,3,9]",
            "MaxUnpool 1 f[1,2,3,3] i64[1,2,3,3] kernel_shape=2,2 strides=2,2",
                "RoiAlign 1 f[1,3,9,9] f[K,4] i64[K] output_height=5 output_width=6",
        "MaxRoiPool 1 f[1,3,9,9] f[K,5] pooled_shape=2,3", "BatchNormalization 1 f[N,3,4] f[3] f[3] f[3] f[3]",
            "InstanceNormalization 1 f[N,3,4] f[3] f[3]", "LayerNormalization 3 f[N,3,4] f[4] f[4]",
        "LayerNormalization 3 f[N,3,4] f[3,4] axis=1", "LRN 1 f[N,3,4] size=3", "LpNormalization 1 f[N,3]",
            "MeanVarianceNormalization 1 f[N,3,4,5]",
        "MatMul 1 f[N,1,3,4] f[5,4,2]", "MatMul 1 f[4] f[4,2]", "MatMul 1 f[3,4] f[4]", "MatMul 1 f[4] f[4]",
            "MatMulInteger 1 u8[2,3] i8[3,4]", "QLinearMatMul 1 u8[2,3] f:1 u8:0 u8[3,4] f:1 u8:0 f:1 u8:0",
        "Gemm 1 f[4,N] f[5,4] f[5] transA=1 transB=1", "Einsum 1 f[2,3] f[3,4] equation=ij,jk->ik",
            "Einsum 1 f[2,3] f[2,3] equation=ij,ij->i", "Einsum 1 f[2,3] equation=ij->ji", "Einsum 1 f[2,3] f[3,4] equation=ij,jk",
        "RNN 2 f[7,N,3] f[1,5,3] f[1,5,5] hidden_size=5", "GRU 2 f[7,N,3] f[2,15,3] f[2,15,5] hidden_size=5 direction=bidirectional",
            "LSTM 3 f[7,N,3] f[1,20,3] f[1,20,5] hidden_size=5",
        "LSTM 3 f[N,7,3] f[1,20,3] f[1,20,5] hidden_size=5 layout=1", "QuantizeLinear 1 f[N,3] f:1 i8:0",
            "QuantizeLinear 1 f[N,3] f:1", "DequantizeLinear 1 u8[N,3] f:1 u8:0", "DynamicQuantizeLinear 3 f[N,3]",
        "Resize 1 f[N,3,5,6] - f{1,1,2,1.5}", "Resize 1 f[1,3,5,6] - - i64{1,3,10,9}", "GridSample 1 f[N,3,5,6] f[N,7,8,2]",
            "DepthToSpace 1 f[N,8,2,3] blocksize=2", "SpaceToDepth 1 f[N,2,4,6] blocksize=2",
        "Concat 1 f[N,3,2] f[N,4,2] axis=1", "Concat 1 f[2,3] f[2,3] axis=-1", "Split 2 f[N,6] axis=1",
            "Split 2 f[N,6] i64{2,4} axis=1", "Slice 1 f[9,8] i64{1,-3} i64{100,-1}", "Slice 1 f[9,8] i64{7} i64{1} i64{0} i64{-2}",
        "Slice 1 f[9,8] i64{-1} i64{-9223372036854775807} i64{1} i64{-1}", "Slice 1 f[N,8] i64{2} i64{5} i64{-1}",
            "Slice 1 f[9,8] i64[2] i64[2]", "Pad 1 f[2,3] i64{1,0,2,3}", "Transpose 1 f[N,3,4] perm=2,0,1", "Transpose 1 f[N,3,4]",
        "Expand 1 f[3,1] i64{2,1,4}", "Tile 1 f[3,2] i64{2,4}", "Reshape 1 f[2,6] i64{0,2,-1}", "Reshape 1 f[2,6] i64{-1}",
            "Reshape 1 f[N,2,3] i64{0,-1}", "Reshape 1 f[2,6] i64[3]", "Flatten 1 f[2,3,4] axis=2", "Flatten 1 f[N,3,4] axis=0",
                "Flatten 1 f[2,3,4] axis=-1",
        "Squeeze 1 f[1,3,1] i64{0}", "Squeeze 1 f[1,3,1]", "Unsqueeze 1 f[3,4] i64{0,-1}", "Gather 1 f[9,4] i64[2,3] axis=1",
            "Gather 1 f[9,4] i64:1", "GatherElements 1 f[9,4] i64[2,4]", "GatherND 1 f[9,4,5] i64[2,2]",
                "GatherND 1 f[2,4,5] i64[2,1] batch_dims=1",
        "ScatterElements 1 f[9,4] i64[2,4] f[2,4]", "ScatterND 1 f[9,4] i64[2,1] f[2,4]", "TopK 2 f[N,9] i64{3}",
            "TopK 2 f[N,9] i64[1]", "ArgMax 1 f[2,3] axis=1", "ArgMin 1 f[N,3] axis=0 keepdims=0",
                "ReduceSum 1 f[2,3,4] i64{1} keepdims=0", "ReduceSum 1 f[2,3,4]",
        "ReduceMean 1 f[N,3,4] axes=-1", "ReduceL2 1 f[N,3,4] axes=1,2 keepdims=0", "ReduceMax 1 f[2,3] keepdims=0",
            "OneHot 1 i64[N] i64{5} f{0,1}", "OneHot 1 i64[N,3] i64:5 f{0,1} axis=0", "Compress 1 f[3,4] b[3]",
                "Compress 1 f[3,4] b[3] axis=0", "Unique 4 f[9]", "NonZero 1 f[2,3]",
        "NonMaxSuppression 1 f[1,9,4] f[1,2,9]", "Det 1 f[N,3,3]", "Shape 1 f[N,3,4]", "Shape 1 f[N,3,4] start=1", "Size 1 f[N,3]",
            "ConstantOfShape 1 i64{2,3}", "ConstantOfShape 1 i64[2]", "RandomNormal 1 shape=2,3", "RandomUniformLike 1 f[N,3]",
                "EyeLike 1 f[3,4] dtype=7", "Multinomial 1 f[N,9] sample_size=4",
        "Range 1 i64:1 i64:10 i64:4", "Range 1 i64:9 i64:0 i64:-2", "HannWindow 1 i64:9", "Bernoulli 1 f[N]",
            "NegativeLogLikelihoodLoss 1 f[N,5] i64[N] reduction=none", "SoftmaxCrossEntropyLoss 2 f[N,5] i64[N]",
                "ReverseSequence 1 f[7,N,2] i64[N]", "DFT 1 f[N,8,1] axis=1", "SequenceConstruct 1 f[2] f[3]", "IsInf 1 f[N]",
    ];

    public static IEnumerable<string> Cases => Graphs;

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Operator_makes_what_the_official_package_infers(string operation)
    {
        ModelProto model = Build(operation);
        if (OfficialChecker.Infer(model.ToByteArray()) is not { } json)
        {
            Assert.Inconclusive("No Python that has the package 'onnx' was found.");
            return;
        }
        var problems = new ProblemList();
        GraphInference ours = GraphInference.Run(model.Graph, new InferenceSettings(17, ImmutableDictionary<string, long>.Empty, problems));

        Assert.IsEmpty(problems.Sentences);
        JsonArray official = JsonNode.Parse(json)!.AsArray();
        Assert.IsNotEmpty(official);
        foreach (JsonNode? theirs in official)
        {
            string name = theirs![0]!.GetValue<string>();
            ValueFacts found = ours.Find(name)!;
            if (theirs[1]!.GetValue<int>() is > 0 and var type)
                Assert.AreEqual(TypeNames.Of(type), found.Type, name);
            if (theirs[2] is not JsonArray sizes)
                continue;
            Assert.IsFalse(found.Shape.IsDefault, $"{name}: the official package knows a shape, [{string.Join(',', sizes)}]");
            Assert.HasCount(sizes.Count, found.Shape, name);
            foreach ((JsonNode? size, OnnxDimension dimension) in sizes.Zip(found.Shape))
            {
                if (size is JsonValue value && value.TryGetValue(out long number))
                    Assert.AreEqual(number, dimension.Value, name);
                // It invents names for sizes that it does not know.
                else if (size is not null && !size.GetValue<string>().StartsWith("unk__", StringComparison.Ordinal))
                    Assert.AreEqual(size.GetValue<string>(), dimension.Symbol, name);
            }
        }
    }

    private static ModelProto Build(string operation)
    {
        string[] words = operation.Split(' ');
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "one" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        var node = new NodeProto { OpType = words[0], Name = "one" };
        foreach (string word in words.Skip(2))
        {
            if (word.Contains('=', StringComparison.Ordinal))
                node.Attribute.Add(Attribute(word).ToProto());
            else
                AddInput(model.Graph, node, word);
        }
        for (int index = 0; index < int.Parse(words[1], CultureInfo.InvariantCulture); index++)
        {
            node.Output.Add($"y{index}");
            model.Graph.Output.Add(new ValueInfoProto { Name = $"y{index}" });
        }
        model.Graph.Node.Add(node);
        return model;
    }

    private static void AddInput(GraphProto graph, NodeProto node, string word)
    {
        string name = word == "-" ? "" : $"x{node.Input.Count}";
        node.Input.Add(name);
        int at = word.IndexOfAny(['[', '{', ':']);
        if (at < 0)
            return;
        OnnxElementType type =
            word[..at] switch
            {
                "f" => OnnxElementType.Float,
                "i64" => OnnxElementType.Int64,
                "b" => OnnxElementType.Bool,
                "u8" =>
                OnnxElementType.UInt8,
                _ => OnnxElementType.Int8
            };
        string[] items = word[(at + 1)..].TrimEnd(']', '}').Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (word[at] == '[')
        {
            graph.Input.Add(new OnnxValueInfo(name, type,
                [.. items.Select(item => long.TryParse(item, CultureInfo.InvariantCulture, out long size)
                    ? new OnnxDimension(size)
                    : new OnnxDimension(item))]).ToProto());
            return;
        }
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        if (word[at] == '{')
            tensor.Dims.Add(items.Length);
        if (type == OnnxElementType.Float)
            tensor.FloatData.AddRange(items.Select(item => float.Parse(item, CultureInfo.InvariantCulture)));
        else if (type == OnnxElementType.Int64)
            tensor.Int64Data.AddRange(items.Select(item => long.Parse(item, CultureInfo.InvariantCulture)));
        else
            tensor.Int32Data.AddRange(items.Select(item => int.Parse(item, CultureInfo.InvariantCulture)));
        graph.Initializer.Add(tensor);
    }

    // Which lists have one element, only their names tell.
    private static OnnxAttribute Attribute(string word)
    {
        (string name, string value) = (word.Split('=', 2)[0], word.Split('=', 2)[1]);
        string[] items = value.Split(',');
        if (!items.All(item => long.TryParse(item, CultureInfo.InvariantCulture, out _)))
            return OnnxAttribute.Text(name, value);
        long[] numbers = [.. items.Select(item => long.Parse(item, CultureInfo.InvariantCulture))];
        return name is "axes" or "strides" or "pads" or "dilations" or "kernel_shape" or "shape" or "perm" or "output_padding"
            or "pooled_shape" ? OnnxAttribute.Ints(name, numbers) : OnnxAttribute.Int(name, numbers[0]);
    }
}
