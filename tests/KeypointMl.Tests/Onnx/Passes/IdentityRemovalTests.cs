using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;

namespace KeypointMl.Tests.Onnx.Passes;

[TestClass]
public sealed class IdentityRemovalTests
{
    [TestMethod]
    [DataRow("Identity")]
    [DataRow("Dropout")]
    [DataRow("Dropout with a ratio and no training")]
    [DataRow("Cast")]
    [DataRow("Reshape")]
    [DataRow("Expand")]
    [DataRow("Transpose")]
    [DataRow("Concat")]
    [DataRow("Sum")]
    [DataRow("Max")]
    [DataRow("Pad")]
    [DataRow("Mul")]
    [DataRow("Mul by ones in a shape")]
    [DataRow("Div")]
    [DataRow("Add")]
    [DataRow("Sub")]
    public void Node_that_changes_nothing_goes(string what)
    {
        OnnxModel model = Around((builder, x) => AddIdentity(builder, what, x));
        Assert.AreEqual(1, PassCheck.Apply(new IdentityRemoval(), model));
        Assert.AreEqual("Relu Neg", PassCheck.Operators(model));
    }

    [TestMethod]
    [DataRow("Cast to another type and back")]
    [DataRow("Reshape to another shape")]
    [DataRow("Expand")]
    [DataRow("Transpose")]
    [DataRow("Concat")]
    [DataRow("Pad")]
    [DataRow("Mul")]
    [DataRow("Mul by ones in a larger shape")]
    [DataRow("Sub from zero")]
    [DataRow("Div of one")]
    public void Node_that_changes_something_stays(string what)
    {
        OnnxModel model = Around((builder, x) => AddChange(builder, what, x));
        int nodes = model.Nodes.Length;
        Assert.AreEqual(0, PassCheck.Apply(new IdentityRemoval(), model));
        Assert.HasCount(nodes, model.Nodes);
    }

    [TestMethod]
    public void Dropout_whose_mask_is_read_or_that_may_train_stays()
    {
        OnnxModel masked = Around((builder, x) =>
        {
            string[] outputs = builder.AddNode("drop", "Dropout", [x], outputCount: 2);
            return builder.AddNode("pick", "Where", [outputs[1], outputs[0], x]);
        });
        Assert.AreEqual(0, new IdentityRemoval().Apply(masked));

        OnnxModel training = Around((builder, x) =>
            builder.AddNode("drop", "Dropout",
                [x, builder.AddConstant<float>("ratio", [0f]), builder.AddInput("training", OnnxElementType.Bool)]));
        Assert.AreEqual(0, PassCheck.Apply(new IdentityRemoval(), training));
    }

    [TestMethod]
    public void Output_of_the_graph_keeps_its_name()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3);
        string relu = builder.AddNode("relu", "Relu", [x]);
        builder.AddOutput(builder.AddNode("y", "Identity", [relu]), OnnxElementType.Float, "N", 3);
        builder.AddOutput(builder.AddNode("z", "Neg", [relu]), OnnxElementType.Float, "N", 3);
        OnnxModel model = builder.Build();
        Assert.AreEqual(1, PassCheck.Apply(new IdentityRemoval(), model));
        Assert.AreEqual("Relu Neg", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Output_that_repeats_an_input_or_another_output_stays()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3);
        builder.AddOutput(builder.AddNode("copy", "Identity", [x]), OnnxElementType.Float, "N", 3);
        string relu = builder.AddNode("relu", "Relu", [x]);
        builder.AddOutput(relu, OnnxElementType.Float, "N", 3);
        builder.AddOutput(builder.AddNode("again", "Identity", [relu]), OnnxElementType.Float, "N", 3);
        OnnxModel model = builder.Build();
        Assert.AreEqual(0, PassCheck.Apply(new IdentityRemoval(), model));
    }

    [TestMethod]
    public void Value_that_a_nested_graph_reads_keeps_its_name()
    {
        var builder = new OnnxGraphBuilder();
        string flag = builder.AddInput("flag", OnnxElementType.Bool);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3);
        string copy = builder.AddNode("copy", "Identity", [x]);
        string relu = builder.AddNode("relu", "Relu", [x]);
        string inner = builder.AddNode("inner", "Identity", [relu]);
        OnnxModel model = NestedModel.Choose(builder, flag, copy, inner, "N", 3);
        Assert.AreEqual(1, PassCheck.Apply(new IdentityRemoval(), model), "the Relu can make 'inner', the input cannot be called 'copy'");
        Assert.AreEqual("Identity Relu If", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Transposes_that_undo_each_other_go_and_others_fuse()
    {
        OnnxModel cancelling = Around((builder, x) => Turn(builder, Turn(builder, x, 0, 2, 3, 1), 0, 3, 1, 2));
        Assert.AreEqual(2, PassCheck.Apply(new IdentityRemoval(), cancelling));
        Assert.AreEqual("Relu Neg", PassCheck.Operators(cancelling));

        OnnxModel fusing = Around((builder, x) => Turn(builder, Turn(builder, Turn(builder, x, 0, 2, 3, 1), 3, 2, 0, 1), 1, 0, 2, 3));
        Assert.AreEqual(2, PassCheck.Apply(new IdentityRemoval(), fusing));
        Assert.AreEqual("Relu Transpose Neg", PassCheck.Operators(fusing));

        OnnxModel reversing = Around((builder, x) => builder.AddNode("turn", "Transpose", [builder.AddNode("turn", "Transpose", [x])]));
        Assert.AreEqual(2, PassCheck.Apply(new IdentityRemoval(), reversing));
        Assert.AreEqual("Relu Neg", PassCheck.Operators(reversing));
    }

    [TestMethod]
    public void First_of_two_transposes_stays_for_its_other_readers()
    {
        OnnxModel cancelling = Around((builder, x) =>
        {
            string turned = Turn(builder, x, 0, 2, 3, 1);
            return builder.AddNode(
                "product", "Mul", [Turn(builder, turned, 0, 3, 1, 2), builder.AddNode("largest", "ReduceMax", [turned])]);
        });
        Assert.AreEqual(2, PassCheck.Apply(new IdentityRemoval(), cancelling));
        Assert.AreEqual("Relu Transpose ReduceMax Mul Neg", PassCheck.Operators(cancelling));

        OnnxModel fusing = Around((builder, x) =>
        {
            string turned = Turn(builder, x, 0, 2, 3, 1);
            return builder.AddNode(
                "product", "Mul", [Turn(builder, turned, 0, 3, 2, 1), builder.AddNode("largest", "ReduceMax", [turned])]);
        });
        Assert.AreEqual(0, PassCheck.Apply(new IdentityRemoval(), fusing), "nothing would be saved");
    }

    private static string AddIdentity(OnnxGraphBuilder builder, string what, string x) => what switch
    {
        "Dropout with a ratio and no training" =>
            builder.AddNode("y", "Dropout",
                [x, builder.AddConstant<float>("ratio", [0.5f]), builder.AddConstant<bool>("training", [false])]),
        "Cast" => builder.AddNode("y", "Cast", [x], OnnxAttribute.From("to", OnnxElementType.Float)),
        "Reshape" => builder.AddNode("y", "Reshape", [x, builder.AddConstant<long>("shape", [0, 3, -1, 5], 4)]),
        "Expand" => builder.AddNode("y", "Expand", [x, builder.AddConstant<long>("shape", [1, 1], 2)]),
        "Transpose" => Turn(builder, x, 0, 1, 2, 3),
        "Concat" => builder.AddNode("y", "Concat", [x], OnnxAttribute.Int("axis", 1)),
        "Pad" => builder.AddNode("y", "Pad", [x, builder.AddConstant<long>("pads", new long[8], 8)], OnnxAttribute.Text("mode", "reflect")),
        "Mul" => builder.AddNode("y", "Mul", [builder.AddConstant<float>("one", [1f]), x]),
        "Mul by ones in a shape" => builder.AddNode("y", "Mul", [x, builder.AddConstant<float>("ones", [1, 1, 1], 3, 1, 1)]),
        "Div" => builder.AddNode("y", "Div", [x, builder.AddConstant<float>("one", [1], 1)]),
        "Add" => builder.AddNode("y", "Add", [x, builder.AddConstant<float>("zero", [0f])]),
        "Sub" => builder.AddNode("y", "Sub", [x, builder.AddConstant<float>("zeros", new float[5], 5)]),
        _ => builder.AddNode("y", what, [x]),
    };

    private static string AddChange(OnnxGraphBuilder builder, string what, string x) => what switch
    {
        "Cast to another type and back" =>
            builder.AddNode("y", "Cast", [builder.AddNode("half", "Cast", [x], OnnxAttribute.From("to", OnnxElementType.Float16))],
                OnnxAttribute.From("to", OnnxElementType.Float)),
        "Reshape to another shape" => builder.AddNode("y", "Reshape", [x, builder.AddConstant<long>("shape", [0, 3, 5, 4], 4)]),
        "Expand" => builder.AddNode("y", "Expand", [x, builder.AddConstant<long>("shape", [1, 1, 1, 1, 1], 5)]),
        "Transpose" => Turn(builder, x, 0, 2, 1, 3),
        "Concat" => builder.AddNode("y", "Concat", [x, x], OnnxAttribute.Int("axis", 1)),
        "Pad" => builder.AddNode("y", "Pad", [x, builder.AddConstant<long>("pads", [0, 0, 0, 0, 0, 0, 0, 1], 8)]),
        "Mul" => builder.AddNode("y", "Mul", [x, builder.AddConstant<float>("nearly", [1, 1, 1.0000001f], 3, 1, 1)]),
        "Mul by ones in a larger shape" => builder.AddNode("y", "Mul", [x, builder.AddConstant<float>("ones", [1, 1], 2, 1, 1, 1, 1)]),
        "Sub from zero" => builder.AddNode("y", "Sub", [builder.AddConstant<float>("zero", [0f]), x]),
        _ => builder.AddNode("y", "Div", [builder.AddConstant<float>("one", [1f]), x]),
    };

    /// <summary>x [N,3,4,5] → Relu → … → Neg → y.</summary>
    private static OnnxModel Around(Func<OnnxGraphBuilder, string, string> add) => AnyRank.Build(sizes =>
    {
        var builder = new OnnxGraphBuilder();
        string relu = builder.AddNode("relu", "Relu", [builder.AddInput("x", OnnxElementType.Float, "N", 3, 4, 5)]);
        string result = builder.AddNode("result", "Neg", [add(builder, relu)]);
        builder.AddOutput(result, OnnxElementType.Float, sizes);
        return builder.Build();
    });

    private static string Turn(OnnxGraphBuilder builder, string x, params long[] perm) =>
        builder.AddNode("turn", "Transpose", [x], OnnxAttribute.Ints("perm", perm));
}
