using Google.Protobuf;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>Graphs that are whole files and break a rule; each is made from <see cref="SmallModel.ConvNormRelu"/>.</summary>
internal static class AttackGraphs
{
    /// <summary>What is changed and a part of the message, by name.</summary>
    public static IReadOnlyDictionary<string, (Action<ModelProto> Spoil, string Message)> All { get; } = new Dictionary<string, (Action<ModelProto>, string)>
    {
        ["cycle"] = (model => model.Graph.Node[0].Input[0] = "heat", "a cycle of 3 nodes, 'conv' → 'norm' → 'relu' → 'conv'"),
        ["reads-itself"] = (model => model.Graph.Node[0].Input[0] = "conv", "a cycle of 1 nodes, 'conv' → 'conv'"),
        ["wrong-order"] = (model => (model.Graph.Node[0], model.Graph.Node[1]) = (model.Graph.Node[1], model.Graph.Node[0]),
            "put the nodes in the order in which they can run"),
        ["value-twice"] = (model => model.Graph.Node[1].Output[0] = "conv", "makes 'conv', which exists already"),
        ["unknown-operator"] = (model => model.Graph.Node[2].OpType = "Relux", "ONNX has no operator of that name"),
        ["operator-of-a-later-opset"] = (model => model.Graph.Node[2].OpType = "Gelu", "exists from opset 20 on; the model has opset 17"),
        ["withdrawn-operator"] = (model => model.Graph.Node[2].OpType = "Upsample", "must not be used any more since opset 10"),
        ["unknown-domain"] = (model => model.Graph.Node[2].Domain = "com.microsoft", "which the model does not import"),
        ["unknown-mode"] = (model => Attribute(model.Graph.Node[0], new AttributeProto
        {
            Name = "auto_pad",
            Type = AttributeType.String,
            S = ByteString.CopyFromUtf8("SAME"),
        }), "'auto_pad' is 'SAME'; expected NOTSET, SAME_UPPER, SAME_LOWER, VALID"),
        ["zero-stride"] = (model => model.Graph.Node[0].Attribute[0].Ints[0] = 0, "'strides' is 0; expected at least 1"),
        ["attribute-not-utf8"] = (model => Attribute(model.Graph.Node[0], new AttributeProto
        {
            Name = "auto_pad",
            Type = AttributeType.String,
            S = ByteString.CopyFrom(0xFF),
        }), "holds text that is not UTF-8"),
        ["attribute-of-two-kinds"] = (model => model.Graph.Node[1].Attribute[0].I = 0, "holds 2 values (Float, Int)"),
        ["cast-to-no-type"] = (model => Cast(model, 99), "'to' is 99, which is no element type"),
        ["adds-float-to-int64"] = (AddsFloatToInt64, "Node 3 'add' (Add) reads 'numbers' of type int64 beside 'heat' of type float"),
        ["declares-another-type"] =
            (model => model.Graph.Output[0].Type.TensorType.ElemType = (int)OnnxElementType.Double,
                "output 'heat' is float; it is declared as double"),
        ["declares-another-shape"] =
            (model => model.Graph.Output[0].Type.TensorType.Shape.Dim[3].DimValue = 9, "has shape [N,4,4,4]; it is declared as [N,4,4,9]"),
        ["weight-of-other-channels"] =
            (model => model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 5, "the number of input channels is 5 and 3"),
        ["window-beyond-its-input"] = (model => model.Graph.Input[0].Type.TensorType.Shape.Dim[2].DimValue = 0, "does not fit"),
        ["sizes-that-overflow"] = (SizesThatOverflow, "its sizes are too large for 64-bit numbers"),
        ["shadowed-value"] = (model => If(model, "conv"), "makes 'conv', which exists already in a graph around it"),
        ["branch-of-another-type"] = (BranchOfAnotherType, "its branches make 'chosen' as bool and as float"),
        ["branch-that-gives-an-outer-value"] = (BranchThatGivesAnOuterValue, "it belongs to one around it"),
        ["function-that-calls-itself"] = (FunctionThatCallsItself, "A cycle of functions that call one another: 'f' → 'g' → 'f'"),
        ["function-twice"] = (FunctionTwice, "the same domain, name and overload"),
        ["functions-that-unfold-without-end"] = (FunctionsThatUnfold, "makes 'heat', which exists already"),
        ["metadata-twice"] =
            (model => model.MetadataProps.Add(model.MetadataProps[0].Clone()), "Metadata 'test.purpose' is there more than once"),
        ["name-that-steers-a-terminal"] =
            (model => model.Graph.Node[2].Input[0] = "\u001b[2J\u202egone",
                @"reads '\u001b[2J\u202egone', which no input, initializer or node makes"),
    };

    private static void Attribute(NodeProto node, AttributeProto attribute) => node.Attribute.Add(attribute);

    private static void Cast(ModelProto model, long to)
    {
        model.Graph.Node[2].OpType = "Cast";
        model.Graph.Node[2].Attribute.Add(OnnxAttribute.Int("to", to).ToProto());
    }

    private static void AddsFloatToInt64(ModelProto model)
    {
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = "numbers",
            DataType = (int)OnnxElementType.Int64,
            Dims = { 1 },
            Int64Data = { 1 },
        });
        model.Graph.Node.Add(new NodeProto { Name = "add", OpType = "Add", Input = { "heat", "numbers" }, Output = { "sum" } });
    }

    private static void SizesThatOverflow(ModelProto model)
    {
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = "times",
            DataType = (int)OnnxElementType.Int64,
            Dims = { 4 },
            Int64Data = { 1, long.MaxValue, 1, 1 },
        });
        model.Graph.Node.Add(new NodeProto { Name = "tile", OpType = "Tile", Input = { "heat", "times" }, Output = { "vast" } });
    }

    private static GraphProto If(ModelProto model, string inner)
    {
        model.Graph.Initializer.Add(new TensorProto { Name = "condition", DataType = (int)OnnxElementType.Bool, Int32Data = { 1 } });
        var node = new NodeProto { Name = "if", OpType = "If", Input = { "condition" }, Output = { "chosen" } };
        foreach (string name in (string[])["then_branch", "else_branch"])
        {
            var branch = new GraphProto { Name = name };
            branch.Node.Add(new NodeProto { OpType = "Neg", Input = { "heat" }, Output = { name == "then_branch" ? inner : "negative" } });
            branch.Output.Add(new ValueInfoProto { Name = branch.Node[0].Output[0] });
            node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeType.Graph, G = branch });
        }
        model.Graph.Node.Add(node);
        return node.Attribute[0].G;
    }

    private static void BranchOfAnotherType(ModelProto model)
    {
        GraphProto branch = If(model, "inner");
        branch.Node[0].OpType = "IsNaN";
    }

    private static void BranchThatGivesAnOuterValue(ModelProto model)
    {
        GraphProto branch = If(model, "inner");
        branch.Output[0].Name = "heat";
    }

    private static void FunctionThatCallsItself(ModelProto model)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "test", Version = 1 });
        model.Functions.Add(Function("f", "g", calls: 1));
        model.Functions.Add(Function("g", "f", calls: 1));
    }

    private static void FunctionTwice(ModelProto model)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "test", Version = 1 });
        model.Functions.Add(Function("f", "Relu", calls: 1, domain: ""));
        model.Functions.Add(Function("f", "Relu", calls: 1, domain: ""));
    }

    // 40 functions, each of which calls the next one twice: 2⁴⁰ nodes. Sound but for its last node, which is what must be said, and soon.
    private static void FunctionsThatUnfold(ModelProto model)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "test", Version = 1 });
        for (int level = 0; level < 40; level++)
        {
            model.Functions.Add(level < 39
                ? Function($"f{level}", $"f{level + 1}", calls: 2)
                : Function($"f{level}", "Relu", calls: 2, domain: ""));
        }
        model.Graph.Node.Add(new NodeProto { Name = "call", OpType = "f0", Domain = "test", Input = { "heat" }, Output = { "heat" } });
    }

    private static FunctionProto Function(string name, string operation, int calls, string domain = "test")
    {
        var function = new FunctionProto { Name = name, Domain = "test", Input = { "v0" }, Output = { $"v{calls}" } };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "test", Version = 1 });
        for (int call = 0; call < calls; call++)
            function.Node.Add(new NodeProto { OpType = operation, Domain = domain, Input = { $"v{call}" }, Output = { $"v{call + 1}" } });
        return function;
    }
}
