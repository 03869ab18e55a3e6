using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Tests.Onnx.Passes;

[TestClass]
public sealed class Float16ConversionTests
{
    // Sums of 27 products of numbers below 1, in and out of 11 binary digits, twice.
    private const double Tolerance = 0.02;

    [TestMethod]
    public void Layers_are_converted_and_edges_keep_their_types()
    {
        OnnxModel model = Layers((builder, x) => builder.AddNode("relu", "Relu", [x]));
        Assert.AreEqual(3, PassCheck.Apply(new Float16Conversion(), model, Tolerance));
        Assert.AreEqual("Cast Conv Relu Conv Cast", PassCheck.Operators(model));
        Assert.IsTrue(model.Initializers.All(stored => stored.ElementType == OnnxElementType.Float16));
    }

    [TestMethod]
    public void Preparation_and_result_arithmetic_stay_unless_asked_for()
    {
        static OnnxModel Model()
        {
            var builder = new OnnxGraphBuilder();
            string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 6, 6);
            string shifted = builder.AddNode("shift", "Add", [x, builder.AddConstant<float>("half", [0.5f])]);
            string y = builder.AddNode("scale", "Mul", [Conv(builder, shifted), builder.AddConstant<float>("half", [0.5f])]);
            builder.AddOutput(y, OnnxElementType.Float, "N", 3, 4, 4);
            return builder.Build();
        }
        OnnxModel inner = Model();
        Assert.AreEqual(1, PassCheck.Apply(new Float16Conversion(), inner, Tolerance));
        Assert.AreEqual("Add Cast Conv Cast Mul", PassCheck.Operators(inner));

        OnnxModel whole = Model();
        Assert.AreEqual(3, PassCheck.Apply(new Float16Conversion(new Float16ConversionOptions { ConvertEdges = true }), whole, Tolerance));
        Assert.AreEqual("Cast Add Conv Mul Cast", PassCheck.Operators(whole));
    }

    [TestMethod]
    public void Kept_operator_is_an_island_that_those_that_only_move_elements_join()
    {
        OnnxModel model = Layers((builder, x) =>
        {
            string soft = builder.AddNode("soft", "Softmax", [x]);
            string moved = builder.AddNode(
                "moved", "Relu", [builder.AddNode("turn", "Transpose", [soft], OnnxAttribute.Ints("perm", 0, 1, 3, 2))]);
            return builder.AddNode("soft", "Softmax", [moved]);
        });
        Assert.AreEqual(2, PassCheck.Apply(new Float16Conversion(), model, Tolerance));
        Assert.AreEqual("Cast Conv Cast Softmax Transpose Relu Softmax Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Number_too_large_for_16_bits_stays_in_a_node_of_its_own_too()
    {
        OnnxModel model = Layers((builder, x) =>
            builder.AddNode("large", "Mul", [x, builder.AddNode("factor", "Constant", [], OnnxAttribute.Float("value_float", 1e5f))]));
        new Float16Conversion().Apply(model);
        Assert.AreEqual("Cast Conv Constant Cast Mul Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Value_of_another_tools_node_is_not_mixed_with_16_bits()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 6, 6);
        string custom = builder.AddNode("custom", "Identity", [x]);
        builder.AddOutput(Conv(builder, custom), OnnxElementType.Float, "N", 3, 4, 4);
        OnnxModel model = builder.Build();
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "tool", Version = 1 });
        (model.Proto.Graph.Node[0].OpType, model.Proto.Graph.Node[0].Domain) = ("Blur", "tool");

        Assert.AreEqual(0, new Float16Conversion().Apply(model));

        Assert.AreEqual("Blur Conv", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Weights_that_the_graph_describes_too_are_converted()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 1, 4, 4);
        string weight = builder.AddInitializer<float>("weight", SmallModel.Ramp(9), 1, 1, 3, 3);
        builder.AddValueInfo(weight, OnnxElementType.Float, 1, 1, 3, 3);
        builder.AddOutput(builder.AddNode("conv", "Conv", [x, weight]), OnnxElementType.Float, "N", 1, 2, 2);
        Assert.AreEqual(1, PassCheck.Apply(new Float16Conversion(), builder.Build(), Tolerance));
    }

    [TestMethod]
    public void Value_of_which_the_file_states_the_name_alone_is_converted()
    {
        OnnxModel model = Layers((builder, x) => builder.AddNode("relu", "Relu", [x]));
        model.Proto.Graph.ValueInfo.Add(new ValueInfoProto { Name = "relu" });
        Assert.AreEqual(3, PassCheck.Apply(new Float16Conversion(), model, Tolerance));
    }

    [TestMethod]
    public void Operator_without_16_bit_floats_in_the_opset_is_an_island()
    {
        OnnxModel model = Layers((builder, x) => builder.AddNode("celu", "Celu", [x]));
        Assert.AreEqual(2, PassCheck.Apply(new Float16Conversion(), model, Tolerance));
        Assert.AreEqual("Cast Conv Cast Celu Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Comparison_that_gives_bools_is_converted()
    {
        OnnxModel model = Layers((builder, x) => builder.AddNode("choose", "Where",
            [builder.AddNode("compare", "Greater", [x, builder.AddConstant<float>("none", [0])]), x, builder.AddConstant<float>("half", [0.5f])]));
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        Assert.AreEqual("Cast Conv Greater Where Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Value_read_by_both_kinds_is_cast_once()
    {
        OnnxModel model = Layers((builder, x) =>
        {
            string left = builder.AddNode("left", "Softmax", [x]);
            string right = builder.AddNode("right", "Exp", [x]);
            return builder.AddNode("sum", "Add", [builder.AddNode("product", "Mul", [left, right]), x]);
        });
        PassCheck.Apply(new Float16Conversion(), model, 4 * Tolerance);
        Assert.AreEqual(1, model.Nodes.Count(node => node.OpType == "Cast" && node.Inputs[0] == "conv"),
            "one for Softmax and Exp together, none for Add");
        Assert.AreEqual("Cast Conv Cast Softmax Exp Cast Cast Mul Add Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Named_nodes_and_what_follows_from_them_stay()
    {
        static OnnxModel Model() =>
            Layers((builder, x) => builder.AddNode("inner/sigmoid", "Sigmoid", [builder.AddNode("inner/relu", "Relu", [x])]));
        OnnxModel named = Model();
        Assert.AreEqual(2, PassCheck.Apply(new Float16Conversion(new Float16ConversionOptions
        {
            KeepNodes = ["inner/*"],
        }), named, Tolerance));
        Assert.AreEqual("Cast Conv Cast Relu Sigmoid Cast Conv Cast", PassCheck.Operators(named));

        OnnxModel from = Model();
        Assert.AreEqual(1, PassCheck.Apply(new Float16Conversion(new Float16ConversionOptions { KeepFrom = ["*/relu"] }), from, Tolerance));
        Assert.AreEqual("Cast Conv Cast Relu Sigmoid Conv", PassCheck.Operators(from));

        OnnxException error = Assert.ThrowsExactly<OnnxException>(() => new Float16Conversion(new Float16ConversionOptions
        {
            KeepFrom = ["outer/*"],
        }).Apply(Model()));
        StringAssert.Contains(error.Message, "'outer/*' is the name of no node");
    }

    [TestMethod]
    [DataRow(70000f)]
    [DataRow(-1e9f)]
    [DataRow(1e-12f)]
    public void Constant_that_16_bits_cannot_hold_keeps_its_node(float constant)
    {
        OnnxModel model = Layers((builder, x) =>
            builder.AddNode("guard", "Max",
                [builder.AddNode("sigmoid", "Sigmoid", [x]), builder.AddConstant<float>("constant", [constant])]));
        model.Proto.Graph.Node.Single(node => node.Name == "guard").OpType = constant > 1 ? "Min" : "Max";
        Assert.AreEqual(3, PassCheck.Apply(new Float16Conversion(), model, Tolerance), "two Conv and Sigmoid");
        Assert.AreEqual(OnnxElementType.Float, model.Initializers.Single(stored => stored.Name == "constant").ElementType);
        CollectionAssert.AreEqual((float[])[constant], PassCheck.Floats(model, "constant"));
    }

    [TestMethod]
    public void Tensor_of_both_kinds_of_nodes_is_stored_twice()
    {
        OnnxModel model = Layers((builder, x) =>
        {
            string shared = builder.AddConstant<float>("shared", [0.3f]);
            return builder.AddNode(
                "sum", "Add", [builder.AddNode("power", "Pow", [builder.AddNode("sigmoid", "Sigmoid", [x]), shared]), shared]);
        });
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        CollectionAssert.IsSubsetOf((string[])["shared: Float", "shared.float16: Float16"],
            model.Initializers.Select(stored => $"{stored.Name}: {stored.ElementType}").ToArray());
    }

    [TestMethod]
    public void Factors_of_Resize_stay_in_32_bits()
    {
        OnnxModel model = Layers((builder, x) =>
            builder.AddNode("larger", "Resize", [x, "", builder.AddConstant<float>("factors", [1, 1, 2, 2], 4)],
                OnnxAttribute.Text("mode", "linear")), size: 8);
        Assert.AreEqual(3, PassCheck.Apply(new Float16Conversion(), model, Tolerance));
        Assert.AreEqual(OnnxElementType.Float, model.Initializers.Single(stored => stored.Name == "factors").ElementType);
    }

    [TestMethod]
    public void Output_in_the_middle_keeps_its_name_and_type()
    {
        OnnxModel model = Layers((builder, x) => builder.AddNode("relu", "Relu", [x]));
        model.Proto.Graph.Output.Add(new OnnxValueInfo("relu", OnnxElementType.Float, ["N", 3, 4, 4]).ToProto());
        Assert.AreEqual(3, PassCheck.Apply(new Float16Conversion(), model, Tolerance));
        Assert.AreEqual("Cast Conv Relu Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Value_that_a_nested_graph_reads_keeps_its_type()
    {
        var builder = new OnnxGraphBuilder();
        string flag = builder.AddInput("flag", OnnxElementType.Bool);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 6, 6);
        string first = Conv(builder, x);
        OnnxModel model = NestedModel.Choose(builder, flag, first,
            Conv(builder, builder.AddNode("pad", "Pad", [first, builder.AddConstant<long>("pads", [0, 0, 1, 1, 0, 0, 1, 1], 8)])),
            "N", 3, 4, 4);
        Assert.AreEqual(0, PassCheck.Apply(new Float16Conversion(), model), "both convolutions are read inside");
    }

    [TestMethod]
    public void Graph_without_layers_is_left_alone()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3);
        builder.AddOutput(builder.AddNode("y", "Mul", [x, x]), OnnxElementType.Float, "N", 3);
        Assert.AreEqual(0, PassCheck.Apply(new Float16Conversion(), builder.Build()));
    }

    /// <summary>x [N,3,6,6] → Conv → … → Conv → y.</summary>
    private static OnnxModel Layers(Func<OnnxGraphBuilder, string, string> between, int size = 4)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 6, 6);
        string y = Conv(builder, between(builder, Conv(builder, x)));
        builder.AddOutput(y, OnnxElementType.Float, "N", 3, size - 2, size - 2);
        return builder.Build();
    }

    private static string Conv(OnnxGraphBuilder builder, string x)
    {
        float[] weights = [.. SmallModel.Ramp(3 * 3 * 9).Select(value => value / 4)];
        return builder.AddNode("conv", "Conv",
            [x, builder.AddInitializer<float>("weight", weights, 3, 3, 3, 3),
                builder.AddInitializer<float>("bias", SmallModel.Ramp(3), 3)]);
    }
}
