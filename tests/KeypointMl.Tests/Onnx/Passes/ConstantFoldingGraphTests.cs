using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Protobuf;
using static KeypointMl.Tests.Onnx.Passes.ConstantExpressions;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>Which nodes are folded, and what is left of the graph.</summary>
[TestClass]
public sealed class ConstantFoldingGraphTests
{
    [TestMethod]
    public void Constant_nodes_become_stored_tensors()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 2);
        string y = builder.AddNode(
            "sum", "Add", [x, builder.AddNode("numbers", "Constant", [], OnnxAttribute.Floats("value_floats", 1, 2))]);
        string z = builder.AddNode("product", "Mul", [y, builder.AddNode("number", "Constant", [], OnnxAttribute.Float("value_float", 3))]);
        builder.AddOutput(z, OnnxElementType.Float, "N", 2);
        OnnxModel model = builder.Build();
        NodeProto tensor = model.Proto.Graph.Node[0];
        tensor.Attribute.Clear();
        tensor.Attribute.Add(new AttributeProto
        {
            Name = "value",
            Type = AttributeType.Tensor,
            T = TensorData.Create<float>("", [1, 2], 2),
        });

        Assert.AreEqual(2, PassCheck.Apply(new ConstantFolding(), model));

        Assert.AreEqual("Add Mul", PassCheck.Operators(model));
        CollectionAssert.AreEqual((float[])[1, 2], PassCheck.Floats(model, "numbers"));
        Assert.AreEqual("number: ",
            string.Join(",", model.Initializers.Where(stored => stored.Name == "number")
                .Select(stored => $"{stored.Name}: {string.Join('×', stored.Dimensions)}")), "a scalar");
    }

    [TestMethod]
    public void Shapes_that_are_fixed_are_folded_through_and_open_ones_stay()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 4, 5);
        string inner = builder.AddNode("inner", "Shape", [x], OnnxAttribute.Int("start", 1), OnnxAttribute.Int("end", -1));
        string count = builder.AddNode("count", "ReduceProd", [inner], OnnxAttribute.Int("keepdims", 1));
        string target = builder.AddNode("target", "Concat",
            [builder.AddNode("batch", "Shape", [x], OnnxAttribute.Int("end", 1)), count, builder.AddConstant<long>("rest", [-1], 1)],
                OnnxAttribute.Int("axis", 0));
        string shaped = builder.AddNode("shaped", "Reshape", [x, target]);
        builder.AddOutput(shaped, OnnxElementType.Float, "N", 12, 5);
        OnnxModel model = builder.Build();

        Assert.AreEqual(2, PassCheck.Apply(new ConstantFolding(), model));

        Assert.AreEqual("Shape Concat Reshape", PassCheck.Operators(model));
        CollectionAssert.AreEqual((long[])[12], PassCheck.Longs(model, "count"));
    }

    // As where somebody gave the inputs an open batch and left the rest of the file as it was.
    [TestMethod]
    [DataRow("N")]
    [DataRow(null)]
    public void Size_that_the_file_states_of_a_value_inside_does_not_replace_an_open_one(string? batch)
    {
        var builder = new OnnxGraphBuilder();
        OnnxDimension open = batch is null ? OnnxDimension.Unknown : batch;
        string x = builder.AddInput("x", OnnxElementType.Float, open, 3, 4);
        string positive = builder.AddNode("positive", "Relu", [x]);
        builder.AddValueInfo(positive, OnnxElementType.Float, 1, 3, 4);
        string first = builder.AddNode("first", "Shape", [positive], OnnxAttribute.Int("end", 1));
        string target = builder.AddNode(
            "target", "Concat", [first, builder.AddConstant<long>("rest", [12], 1)], OnnxAttribute.Int("axis", 0));
        builder.AddOutput(builder.AddNode("y", "Reshape", [positive, target]), OnnxElementType.Float, open, 12);

        OnnxModel model = builder.Build();
        Assert.AreEqual(0, PassCheck.Apply(new ConstantFolding(), model));
    }

    [TestMethod]
    public void Size_that_the_file_states_of_an_output_does_not_replace_an_open_one()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 4);
        string positive = builder.AddNode("positive", "Relu", [x]);
        builder.AddOutput(positive, OnnxElementType.Float, 1, 3, 4);
        string first = builder.AddNode("first", "Shape", [positive], OnnxAttribute.Int("end", 1));
        string target = builder.AddNode(
            "target", "Concat", [first, builder.AddConstant<long>("rest", [12], 1)], OnnxAttribute.Int("axis", 0));
        builder.AddOutput(builder.AddNode("y", "Reshape", [positive, target]), OnnxElementType.Float, "N", 12);

        Assert.AreEqual(0, PassCheck.Apply(new ConstantFolding(), builder.Build()));
    }

    [TestMethod]
    public void Weight_that_is_needed_as_it_was_is_not_written_a_second_time_under_another_shape()
    {
        var builder = new OnnxGraphBuilder();
        string weight = Ramp(builder, 3, 1000);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3);
        string wide = builder.AddNode("wide", "MatMul", [x, weight]);
        string other = builder.AddNode("other", "Reshape", [weight, Longs(builder, 1000, 3)]);
        builder.AddOutput(builder.AddNode("y", "MatMul", [wide, other]), OnnxElementType.Float, "N", 3);
        OnnxModel model = builder.Build();

        Assert.AreEqual(0, PassCheck.Apply(new ConstantFolding(maxGrowth: 11_000), model));
        Assert.AreEqual(1, new ConstantFolding(maxGrowth: 12_000).Apply(model));
    }

    [TestMethod]
    public void Largest_limit_folds_what_a_smaller_one_folds()
    {
        OnnxModel model = Expression(
            OnnxElementType.Float, builder => builder.AddNode("y", "Transpose", [Ramp(builder, 3, 1000)]));
        Assert.AreEqual(1, new ConstantFolding(long.MaxValue).Apply(model));
    }

    [TestMethod]
    public void Shape_that_another_folded_shape_fixes_is_folded_in_the_same_application()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, 2, 6);
        string halves = builder.AddNode(
            "halves", "Div", [builder.AddNode("shape", "Shape", [x]), builder.AddConstant<long>("two", [2, 2], 2)]);
        string target = builder.AddNode(
            "target", "Concat", [halves, builder.AddConstant<long>("rest", [-1], 1)], OnnxAttribute.Int("axis", 0));
        string shaped = builder.AddNode("shaped", "Reshape", [x, target]);
        string size = builder.AddNode("size", "Cast", [builder.AddNode("shape_again", "Shape", [shaped])],
            OnnxAttribute.Int("to", (long)OnnxElementType.Float));
        string y = builder.AddNode("y", "Mul", [shaped, shaped]);
        builder.AddOutput(y, OnnxElementType.Float, 1, 3, 4);
        builder.AddOutput(builder.AddNode("tail", "Relu", [shaped]), OnnxElementType.Float, 1, 3, 4);
        OnnxModel model = builder.Build();
        model.Proto.Graph.Node.Single(node => node.Name == "y").Input[1] = "last";
        NodeProto last = new() { Name = "last", OpType = "Gather" };
        last.Input.AddRange([size, "two_scalar"]);
        last.Output.Add("last");
        model.Proto.Graph.Initializer.Add(TensorData.Create<long>("two_scalar", [2]));
        model.Proto.Graph.Node.Insert(model.Proto.Graph.Node.Count - 2, last);

        Assert.AreEqual(6, PassCheck.Apply(new ConstantFolding(), model));
        Assert.AreEqual("Reshape Mul Relu", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Result_that_would_make_the_file_grow_too_much_is_left_to_the_runtime()
    {
        static OnnxModel Model() =>
            Expression(OnnxElementType.Float, builder => builder.AddNode("y", "Expand", [Ramp(builder, 3, 1), Longs(builder, 3, 1000)]));
        Assert.AreEqual(1, new ConstantFolding(maxGrowth: 12_000).Apply(Model()));
        Assert.AreEqual(0, new ConstantFolding(maxGrowth: 11_000).Apply(Model()));
        OnnxModel huge = Expression(
            OnnxElementType.Float, builder => builder.AddNode("y", "ConstantOfShape", [Longs(builder, 1L << 40, 1L << 40)]));
        Assert.AreEqual(0, new ConstantFolding(maxGrowth: long.MaxValue / 2).Apply(huge), "more than an array can hold");
    }

    [TestMethod]
    public void Weight_is_rearranged_whatever_its_size_unless_it_is_needed_as_it_was()
    {
        var builder = new OnnxGraphBuilder();
        string weight = Ramp(builder, 3, 1000);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 1000);
        string turned = builder.AddNode("turned", "Transpose", [weight]);
        builder.AddOutput(builder.AddNode("y", "MatMul", [x, turned]), OnnxElementType.Float, "N", 3);
        OnnxModel model = builder.Build();
        OnnxModel shared = model.Clone();
        shared.Proto.Graph.Output.Add(new OnnxValueInfo(weight, OnnxElementType.Float, [3, 1000]).ToProto());

        // The runtime adds the 1000 products, each below 1, in another order where it can prepare the weight.
        Assert.AreEqual(1, PassCheck.Apply(new ConstantFolding(maxGrowth: 0), model, tolerance: 1e-4));
        Assert.AreEqual(0, PassCheck.Apply(new ConstantFolding(maxGrowth: 0), shared));
    }

    [TestMethod]
    public void Tensor_that_a_caller_may_feed_is_no_constant()
    {
        OnnxModel model = Expression(OnnxElementType.Float, builder => builder.AddNode("y", "Neg", [Ramp(builder, 3)]));
        model.Proto.Graph.Input.Add(new OnnxValueInfo("ramp", OnnxElementType.Float, [3]).ToProto());
        Assert.AreEqual(0, PassCheck.Apply(new ConstantFolding(), model));
    }

    [TestMethod]
    public void Result_that_a_nested_graph_reads_keeps_its_name()
    {
        var builder = new OnnxGraphBuilder();
        string flag = builder.AddInput("flag", OnnxElementType.Bool);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3);
        string sum = builder.AddNode("sum", "Add", [Ramp(builder, 3), Ramp(builder, 3)]);
        OnnxModel model = NestedModel.Choose(builder, flag, x, sum, "N", 3);
        Assert.AreEqual(1, PassCheck.Apply(new ConstantFolding(), model));
        Assert.AreEqual("If", PassCheck.Operators(model));
    }
}
