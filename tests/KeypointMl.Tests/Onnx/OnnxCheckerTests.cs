using Google.Protobuf;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Tests.Onnx.Passes;
using Microsoft.ML.OnnxRuntime;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx;

[TestClass]
public sealed class OnnxCheckerTests
{
    [TestMethod]
    public void Sound_graph_has_no_problems() => Assert.IsEmpty(OnnxChecker.Check(SmallModel.ConvNormRelu()));

    [TestMethod]
    public void Nodes_in_a_wrong_order_are_found() => Finds(
        "reads 'conv'",
        graph => (graph.Node[0], graph.Node[1]) = (graph.Node[1], graph.Node[0]));

    [TestMethod]
    public void Cycle_is_found() => Finds("a cycle", graph => graph.Node[0].Input[0] = "heat");

    [TestMethod]
    public void Value_made_twice_is_found() => Finds("makes 'conv', which exists already", graph => graph.Node[1].Output[0] = "conv");

    [TestMethod]
    [DataRow("Split", "neither the input 'split' nor")]
    [DataRow("Split both", "both the input 'split' and")]
    [DataRow("Resize", "neither the input 'scales' nor 'sizes'")]
    [DataRow("Constant", "has 0 attributes with a value; expected one")]
    [DataRow("Constant twice", "has 2 attributes with a value; expected one")]
    public void What_must_be_given_once_is_missed_or_found_twice(string kind, string problem)
    {
        var builder = new OnnxGraphBuilder(opset: 18);
        string x = builder.AddInput("x", OnnxElementType.Float, 4);
        string[] one = kind.StartsWith("Constant", StringComparison.Ordinal) ? [] : [x];
        if (kind == "Split both")
            one = [x, builder.AddConstant<long>("sizes", [4], 1)];
        OnnxAttribute[] attributes = kind switch
        {
            "Split both" => [OnnxAttribute.Int("num_outputs", 1)],
            "Constant twice" => [OnnxAttribute.Int("value_int", 1), OnnxAttribute.Float("value_float", 1)],
            _ => [],
        };
        builder.AddOutput(builder.AddNode("y", kind.Split(' ')[0], one, attributes), OnnxElementType.Float, 4);

        Assert.Contains(problem, Assert.ThrowsExactly<OnnxException>(() => builder.Build()).Message);
    }

    // Opset 13's text leaves the mode out; tf2onnx writes it, and ONNX Runtime takes it.
    [TestMethod]
    [DataRow(11)]
    [DataRow(13)]
    [DataRow(18)]
    [DataRow(19)]
    public void Nearest_Resize_of_TensorFlow_is_sound_in_every_opset(int opset)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, 1, 1, 2, 2);
        string factors = builder.AddConstant<float>("factors", [1, 1, 2, 2], 4);
        string region = builder.AddConstant<float>("region", [], 0);
        builder.AddOutput(builder.AddNode("y", "Resize", [x, region, factors], OnnxAttribute.Text("mode", "nearest"),
            OnnxAttribute.Text("coordinate_transformation_mode", "tf_half_pixel_for_nn")), OnnxElementType.Float, 1, 1, 4, 4);
        OnnxModel model = builder.Build();
        model.Proto.OpsetImport.Single().Version = opset;
        Assert.IsEmpty(OnnxChecker.Check(model));
    }

    [TestMethod]
    public void Parts_of_Split_that_nothing_needs_have_no_name()
    {
        var builder = new OnnxGraphBuilder(opset: 18);
        string x = builder.AddInput("x", OnnxElementType.Float, 6);
        string y = builder.AddNode("y", "Split", [x], OnnxAttribute.Int("num_outputs", 1));
        builder.AddOutput(y, OnnxElementType.Float, 6);
        OnnxModel model = builder.Build();
        NodeProto split = model.Proto.Graph.Node.Single();
        split.Output.Insert(0, "");
        split.Output.Add("");
        split.Attribute[0].I = 3;
        model.Proto.Graph.Output[0].Type.TensorType.Shape.Dim[0].DimValue = 2;

        Assert.IsEmpty(OnnxChecker.Check(model));
        using (new InferenceSession(model.ToArray()))
        {
        }
        OnnxOptimizer.Optimize(model, new OnnxOptimizationOptions { ConvertToFloat16 = true });
    }

    [TestMethod]
    public void Required_input_without_a_name_is_found() => Finds("leaves input 1 (scale) out", graph => graph.Node[1].Input[1] = "");

    [TestMethod]
    public void Bytes_in_an_attribute_of_another_tools_operator_are_sound()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "tool", Version = 1 });
        NodeProto last = model.Proto.Graph.Node[^1];
        (last.OpType, last.Domain) = ("Context", "tool");
        last.Attribute.Add(new AttributeProto
        {
            Name = "cache",
            Type = AttributeType.String,
            S = ByteString.CopyFrom(0xFF, 0xFE, 0),
        });
        Assert.IsEmpty(OnnxChecker.Check(model));
    }

    [TestMethod]
    public void Branch_that_asks_for_inputs_is_found()
    {
        var builder = new OnnxGraphBuilder();
        string flag = builder.AddInput("flag", OnnxElementType.Bool);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3);
        OnnxModel model = NestedModel.Choose(builder, flag, x, x, "N", 3);
        Assert.IsEmpty(OnnxChecker.Check(model));
        GraphProto branch = model.Proto.Graph.Node.Single().Attribute.Single(attribute => attribute.Name == "else_branch").G;
        branch.Input.Add(new OnnxValueInfo("fed", OnnxElementType.Float, [3]).ToProto());

        Assert.Contains("its else_branch has 1 inputs, which nothing feeds; expected none", OnnxChecker.Check(model).Single());
    }

    [TestMethod]
    public void Node_name_used_twice_is_found() => Finds("has the name of an earlier node", graph => graph.Node[1].Name = "conv");

    [TestMethod]
    public void Output_that_nothing_makes_is_found() =>
    Finds("Output 'nothing' is made by no node", graph => graph.Output[0].Name = "nothing");

    [TestMethod]
    public void Initializer_stored_twice_is_found() => Finds("stored twice", graph => graph.Initializer.Add(graph.Initializer[0].Clone()));

    [TestMethod]
    public void Unknown_attribute_is_found() => Finds(
        "attribute 'stride'",
        graph => graph.Node[0].Attribute.Add(new AttributeProto { Name = "stride", Type = AttributeType.Int, I = 1 }));

    [TestMethod]
    public void Attribute_of_a_wrong_type_is_found() =>
    Finds("'strides' is of type Float; expected Ints", graph => graph.Node[0].Attribute[0].Type = AttributeType.Float);

    [TestMethod]
    public void Missing_required_attribute_is_found() =>
    Finds("lacks its required attribute 'kernel_shape'", graph => graph.Node[2].OpType = "MaxPool");

    [TestMethod]
    public void Wrong_number_of_inputs_is_found() => Finds("has 4 inputs; expected 5 to 5", graph => graph.Node[1].Input.RemoveAt(4));

    [TestMethod]
    public void Operator_newer_than_the_opset_is_found() =>
    Finds("exists from opset 20 on; the model has opset 17", graph => graph.Node[2].OpType = "Gelu");

    private static void Finds(string expected, Action<GraphProto> spoil)
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        spoil(model.Proto.Graph);
        IReadOnlyList<string> problems = OnnxChecker.Check(model);
        Assert.IsTrue(problems.Any(problem => problem.Contains(expected, StringComparison.Ordinal)),
            $"'{expected}' not in: {string.Join(" | ", problems)}");
        Assert.ThrowsExactly<OnnxException>(() => OnnxChecker.ThrowIfInvalid(model));
    }
}
