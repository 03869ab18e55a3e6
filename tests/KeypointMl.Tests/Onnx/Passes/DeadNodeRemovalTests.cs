using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;

namespace KeypointMl.Tests.Onnx.Passes;

[TestClass]
public sealed class DeadNodeRemovalTests
{
    [TestMethod]
    public void Chain_that_leads_nowhere_goes_with_its_tensors_and_statements()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4);
        string y = builder.AddNode("kept", "Relu", [x]);
        string dead = builder.AddNode("dead", "Add", [y, builder.AddInitializer<float>("one", [1], 1)]);
        builder.AddValueInfo(dead, OnnxElementType.Float, "N", 4);
        builder.AddNode("deader", "Relu", [dead]);
        builder.AddValueInfo("ghost", OnnxElementType.Float, "N", 4);
        builder.AddInitializer<float>("orphan", [1], 1);
        builder.AddOutput(y, OnnxElementType.Float, "N", 4);
        OnnxModel model = builder.Build();

        Assert.AreEqual(5, PassCheck.Apply(new DeadNodeRemoval(), model), "two nodes, two tensors, a statement about nothing");

        Assert.AreEqual("Relu", PassCheck.Operators(model));
        Assert.IsEmpty(model.Initializers);
        Assert.IsEmpty(model.Proto.Graph.ValueInfo);
    }

    [TestMethod]
    public void Input_that_nothing_reads_stays()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.Graph.Input.Add(new OnnxValueInfo("spare", OnnxElementType.Float, [2]).ToProto());
        Assert.AreEqual(0, PassCheck.Apply(new DeadNodeRemoval(), model));
    }

    [TestMethod]
    public void Node_is_kept_for_its_second_output()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4);
        string[] parts = builder.AddNode(
            "split", "Split", [x, builder.AddConstant<long>("sizes", [1, 3], 2)], outputCount: 2, OnnxAttribute.Int("axis", 1));
        builder.AddOutput(parts[1], OnnxElementType.Float, "N", 3);
        OnnxModel model = builder.Build();
        Assert.AreEqual(0, PassCheck.Apply(new DeadNodeRemoval(), model));
    }

    [TestMethod]
    public void Optional_inputs_left_out_do_not_keep_nodes()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4);
        builder.AddNode("dead", "Dropout", [x], outputCount: 2);
        string y = builder.AddNode("clip", "Clip", [x, "", builder.AddConstant<float>("one", [1])]);
        builder.AddOutput(y, OnnxElementType.Float, "N", 4);
        OnnxModel model = builder.Build();
        model.Proto.Graph.Node.Single(node => node.OpType == "Dropout").Output[1] = "";
        Assert.AreEqual(1, PassCheck.Apply(new DeadNodeRemoval(), model));
        Assert.AreEqual("Clip", PassCheck.Operators(model));
    }

    [TestMethod]
    public void What_a_nested_graph_reads_stays()
    {
        var builder = new OnnxGraphBuilder();
        string flag = builder.AddInput("flag", OnnxElementType.Bool);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4);
        string inner = builder.AddNode("inner", "Relu", [x]);
        string stored = builder.AddInitializer<float>("stored", [1, 2, 3, 4], 4);
        OnnxModel model = NestedModel.Choose(builder, flag, inner, stored, "N", 4);
        Assert.AreEqual(0, PassCheck.Apply(new DeadNodeRemoval(), model));
        Assert.AreEqual(0, PassCheck.Apply(new UnusedInitializerRemoval(), model));
    }

    [TestMethod]
    public void What_only_a_removed_nested_graph_read_goes_too()
    {
        var builder = new OnnxGraphBuilder();
        string flag = builder.AddInput("flag", OnnxElementType.Bool);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4);
        string inner = builder.AddNode("inner", "Relu", [x]);
        string stored = builder.AddInitializer<float>("stored", [1, 2, 3, 4], 4);
        string kept = builder.AddNode("kept", "Neg", [x]);
        OnnxModel model = NestedModel.Choose(builder, flag, inner, stored, "N", 4);
        model.Proto.Graph.Output[0] = new OnnxValueInfo(kept, OnnxElementType.Float, ["N", 4]).ToProto();
        Assert.AreEqual(3, PassCheck.Apply(new DeadNodeRemoval(), model), "the If, the Relu, the tensor");
        Assert.AreEqual("Neg", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Default_of_an_input_stays_but_old_files_list_tensors_as_inputs()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.Graph.Initializer.Add(TensorData.Create<float>("spare", [1, 2], 2));
        model.Proto.Graph.Input.Add(new OnnxValueInfo("spare", OnnxElementType.Float, [2]).ToProto());
        Assert.AreEqual(0, new UnusedInitializerRemoval().Apply(model));

        model.Proto.IrVersion = 3;
        foreach (OnnxInitializer tensor in model.Initializers.Where(tensor => tensor.Name != "spare"))
        {
            model.Proto.Graph.Input.Add(
                new OnnxValueInfo(tensor.Name, tensor.ElementType,
                    [.. tensor.Dimensions.Select(size => new OnnxDimension(size))]).ToProto());
        }
        Assert.AreEqual(1, new UnusedInitializerRemoval().Apply(model));
        Assert.DoesNotContain(
            "spare", model.Proto.Graph.Input.Select(input => input.Name).ToArray(), "else a caller would have to feed it");
    }
}
