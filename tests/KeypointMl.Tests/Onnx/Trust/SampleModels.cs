using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>
/// Sound models of several kinds, to spoil: convolutions, matrices, recurrence, quantisation, many outputs, nested
/// graphs, functions.
/// </summary>
internal static class SampleModels
{
    /// <summary>All of them by name; fresh ones at each call.</summary>
    public static IReadOnlyDictionary<string, Func<OnnxModel>> All { get; } = new Dictionary<string, Func<OnnxModel>>
    {
        ["convolutions"] = SmallModel.ConvNormRelu,
        ["layers"] = Layers,
        ["shapes"] = Shapes,
        ["recurrence"] = Recurrence,
        ["quantised"] = Quantised,
        ["branches"] = Branches,
        ["loop"] = Loop,
        ["function"] = Function,
    };

    private static OnnxModel Layers()
    {
        var graph = new OnnxGraphBuilder("layers");
        string x = graph.AddInput("x", OnnxElementType.Float, "N", 4, 8, 8);
        string pooled = graph.AddNode(
            "pool", "MaxPool", [x], OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2));
        string up = graph.AddNode(
            "up", "Resize", [pooled, "", graph.AddConstant<float>("scales", [1, 1, 2, 2], 4)], OnnxAttribute.Text("mode", "linear"));
        string joined = graph.AddNode("join", "Concat", [x, up], OnnxAttribute.Int("axis", 1));
        string wide = graph.AddNode("deconv", "ConvTranspose",
            [joined, graph.AddInitializer<float>("wd", new float[8 * 3 * 2 * 2], 8, 3, 2, 2)], OnnxAttribute.Ints("strides", 2, 2));
        string normal = graph.AddNode("normal", "InstanceNormalization",
            [wide, graph.AddConstant<float>("ones", [1, 1, 1], 3), graph.AddConstant<float>("zeros", [0, 0, 0], 3)]);
        string mean = graph.AddNode("mean", "GlobalAveragePool", [normal]);
        string flat = graph.AddNode("flat", "Flatten", [mean], OnnxAttribute.Int("axis", 1));
        string linear = graph.AddNode("linear", "Gemm",
            [flat, graph.AddInitializer<float>("wl", new float[15], 5, 3), graph.AddInitializer<float>("bl", new float[5], 5)],
                OnnxAttribute.Int("transB", 1));
        graph.AddOutput(graph.AddNode("probability", "Softmax", [linear], OnnxAttribute.Int("axis", 1)), OnnxElementType.Float, "N", 5);
        return graph.Build();
    }

    private static OnnxModel Shapes()
    {
        var graph = new OnnxGraphBuilder("shapes");
        string x = graph.AddInput("x", OnnxElementType.Float, 2, 6, 4);
        string[] parts = graph.AddNode(
            "split", "Split", [x, graph.AddConstant<long>("sizes", [2, 4], 2)], outputCount: 2, OnnxAttribute.Int("axis", 1));
        string cut = graph.AddNode("cut", "Slice",
            [parts[1], graph.AddConstant<long>("start", [1], 1), graph.AddConstant<long>("end", [3], 1),
                graph.AddConstant<long>("axis", [1], 1)]);
        string sum = graph.AddNode("sum", "Add", [parts[0], cut]);
        string moved = graph.AddNode("move", "Transpose", [sum], OnnxAttribute.Ints("perm", 0, 2, 1));
        string[] top = graph.AddNode(
            "top", "TopK", [moved, graph.AddConstant<long>("k", [1], 1)], outputCount: 2, OnnxAttribute.Int("axis", 2));
        string wide = graph.AddNode("wide", "Expand", [top[0], graph.AddConstant<long>("to", [2, 4, 3], 3)]);
        string tiled = graph.AddNode("tiled", "Tile", [wide, graph.AddConstant<long>("times", [1, 2, 1], 3)]);
        string positive = graph.AddNode("positive", "Greater", [tiled, graph.AddConstant<float>("zero", [0], 1)]);
        string chosen = graph.AddNode("chosen", "Where", [positive, tiled, graph.AddConstant<float>("half", [0.5f])]);
        string best = graph.AddNode("best", "ArgMax", [chosen], OnnxAttribute.Int("axis", 1), OnnxAttribute.Int("keepdims", 0));
        string reshaped = graph.AddNode("reshaped", "Reshape", [best, graph.AddConstant<long>("flat", [-1], 1)]);
        string picked = graph.AddNode(
            "picked", "Gather", [graph.AddInitializer<float>("table", new float[16], 8, 2), reshaped], OnnxAttribute.Int("axis", 0));
        graph.AddOutput(graph.AddNode("mean", "ReduceMean", [picked], OnnxAttribute.Ints("axes", 1)), OnnxElementType.Float, 6, 1);
        graph.AddOutput(top[1], OnnxElementType.Int64, 2, 4, 1);
        graph.AddValueInfo(wide, OnnxElementType.Float, 2, 4, 3);
        return graph.Build();
    }

    private static OnnxModel Recurrence()
    {
        var graph = new OnnxGraphBuilder("recurrence");
        string x = graph.AddInput("x", OnnxElementType.Float, 7, "N", 3);
        string[] lstm = graph.AddNode(
            "lstm", "LSTM", [x, graph.AddInitializer<float>("w", new float[2 * 20 * 3], 2, 20, 3),
                graph.AddInitializer<float>("r", new float[2 * 20 * 5], 2, 20, 5)],
            outputCount: 3, OnnxAttribute.Int("hidden_size", 5), OnnxAttribute.Text("direction", "bidirectional"));
        string[] gru = graph.AddNode(
            "gru", "GRU", [x, graph.AddInitializer<float>("wg", new float[12 * 3], 1, 12, 3),
                graph.AddInitializer<float>("rg", new float[12 * 4], 1, 12, 4)],
            outputCount: 2, OnnxAttribute.Int("hidden_size", 4), OnnxAttribute.Int("linear_before_reset", 1));
        string squeezed = graph.AddNode("squeezed", "Squeeze", [gru[1], graph.AddConstant<long>("first", [0], 1)]);
        graph.AddOutput(lstm[0], OnnxElementType.Float, 7, 2, "N", 5);
        graph.AddOutput(lstm[2], OnnxElementType.Float, 2, "N", 5);
        graph.AddOutput(squeezed, OnnxElementType.Float, "N", 4);
        return graph.Build();
    }

    private static OnnxModel Quantised()
    {
        var graph = new OnnxGraphBuilder("quantised");
        string x = graph.AddInput("x", OnnxElementType.Float, "N", 2, 6, 6);
        string scale = graph.AddConstant<float>("scale", [0.1f]);
        string zero = graph.AddConstant<byte>("zero", [128]);
        string small = graph.AddNode("quantise", "QuantizeLinear", [x, scale, zero]);
        string again = graph.AddNode("dequantise", "DequantizeLinear", [small, scale, zero]);
        string weight = graph.AddNode(
            "weight", "DequantizeLinear",
            [graph.AddInitializer<sbyte>("w", new sbyte[3 * 2 * 9], 3, 2, 3, 3), graph.AddInitializer<float>("ws", [1, 2, 3], 3),
                graph.AddInitializer<sbyte>("wz", new sbyte[3], 3)],
            OnnxAttribute.Int("axis", 0));
        string conv = graph.AddNode("conv", "Conv", [again, weight], OnnxAttribute.Ints("pads", 1, 1, 1, 1));
        string bytes = graph.AddNode("bytes", "Cast", [conv], OnnxAttribute.Int("to", (long)OnnxElementType.UInt8));
        graph.AddOutput(bytes, OnnxElementType.UInt8, "N", 3, 6, 6);
        return graph.Build();
    }

    private static OnnxModel Branches()
    {
        OnnxModel model = Nested("branches", "If", ["condition"], ["chosen"]);
        GraphProto graph = model.Proto.Graph;
        graph.Input.Insert(0, new OnnxValueInfo("condition", OnnxElementType.Bool, []).ToProto());
        foreach ((string name, string op) in new[] { ("then_branch", "Relu"), ("else_branch", "Neg") })
        {
            var branch = new GraphProto { Name = name };
            branch.Node.Add(Node(op, $"{name}_node", ["x"], [$"{name}_out"]));
            branch.Output.Add(new OnnxValueInfo($"{name}_out", OnnxElementType.Float, ["N", 3]).ToProto());
            graph.Node[0].Attribute.Add(new AttributeProto { Name = name, Type = AttributeType.Graph, G = branch });
        }
        return model;
    }

    private static OnnxModel Loop()
    {
        OnnxModel model = Nested("loop", "Loop", ["count", "", "x"], ["chosen", "collected"]);
        GraphProto graph = model.Proto.Graph;
        graph.Initializer.Add(new TensorProto { Name = "count", DataType = (int)OnnxElementType.Int64, Int64Data = { 5 } });
        graph.Output.Add(new OnnxValueInfo("collected", OnnxElementType.Float, [OnnxDimension.Unknown, "N", 3]).ToProto());
        var body = new GraphProto { Name = "body" };
        body.Input.Add(new OnnxValueInfo("iteration", OnnxElementType.Int64, []).ToProto());
        body.Input.Add(new OnnxValueInfo("go_on", OnnxElementType.Bool, []).ToProto());
        body.Input.Add(new OnnxValueInfo("state", OnnxElementType.Float, ["N", 3]).ToProto());
        body.Node.Add(Node("Add", "next", ["state", "x"], ["next_state"]));
        body.Node.Add(Node("Identity", "keep", ["go_on"], ["still"]));
        body.Node.Add(Node("Sigmoid", "squash", ["next_state"], ["slice"]));
        foreach ((string name, OnnxElementType type,
            OnnxDimension[] shape) in new (string, OnnxElementType, OnnxDimension[])[] { ("still", OnnxElementType.Bool, []),
            ("next_state", OnnxElementType.Float, ["N", 3]), ("slice", OnnxElementType.Float, ["N", 3]) })
            body.Output.Add(new OnnxValueInfo(name, type, [.. shape]).ToProto());
        graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", Type = AttributeType.Graph, G = body });
        return model;
    }

    private static OnnxModel Function()
    {
        OnnxModel model = Nested("function", "Smooth", ["x"], ["chosen"]);
        model.Proto.Graph.Node[0].Domain = "test";
        model.Proto.Graph.Node[0].Attribute.Add(OnnxAttribute.Float("slope", 0.5f).ToProto());
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "test", Version = 1 });
        var function = new FunctionProto { Name = "Smooth", Domain = "test" };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        function.Input.Add("a");
        function.Output.Add("b");
        function.Attribute.Add("slope");
        NodeProto leaky = Node("LeakyRelu", "leaky", ["a"], ["middle"]);
        leaky.Attribute.Add(new AttributeProto { Name = "alpha", Type = AttributeType.Float, RefAttrName = "slope" });
        function.Node.Add(leaky);
        function.Node.Add(Node("Tanh", "squash", ["middle"], ["b"]));
        model.Proto.Functions.Add(function);
        return model;
    }

    // x [N,3] → one node, still to be given its graphs or function → Identity → y.
    private static OnnxModel Nested(string name, string operation, string[] inputs, string[] outputs)
    {
        var proto = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = name } };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        proto.Graph.Input.Add(new OnnxValueInfo("x", OnnxElementType.Float, ["N", 3]).ToProto());
        proto.Graph.Node.Add(Node(operation, "outer", inputs, outputs));
        proto.Graph.Node.Add(Node("Identity", "last", [outputs[0]], ["y"]));
        proto.Graph.Output.Add(new OnnxValueInfo("y", OnnxElementType.Float, ["N", 3]).ToProto());
        return new OnnxModel(proto);
    }

    private static NodeProto Node(string operation, string name, string[] inputs, string[] outputs) =>
        new() { OpType = operation, Name = name, Input = { inputs }, Output = { outputs } };
}
