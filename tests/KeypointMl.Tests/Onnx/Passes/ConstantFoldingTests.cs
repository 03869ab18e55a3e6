using System.Collections.Immutable;
using KeypointMl.Onnx;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx.Passes;

[TestClass]
public sealed class ConstantFoldingTests
{
    // Exp, Log, Pow and the order of sums differ between libraries by a unit in the last place of numbers below 20.
    private const double LastPlace = 2e-6;

    [TestMethod]
    [DataRow("Add")]
    [DataRow("Sub")]
    [DataRow("Mul")]
    [DataRow("Div")]
    [DataRow("Max")]
    [DataRow("Min")]
    [DataRow("Pow")]
    [DataRow("Equal")]
    [DataRow("Greater")]
    [DataRow("GreaterOrEqual")]
    [DataRow("Less")]
    [DataRow("LessOrEqual")]
    public void Operator_of_two_broadcast_inputs_is_what_the_runtime_computes(string opType)
    {
        float[] left = [0.5f, 1, 1.5f, 2, 2.5f, 3];
        OnnxElementType type = opType is "Equal" || opType.Contains("er", StringComparison.Ordinal) || opType.Contains("Less", StringComparison.Ordinal) ? OnnxElementType.Bool : OnnxElementType.Float;
        Folds(type, builder => builder.AddNode("y", opType, [builder.AddInitializer<float>("a", left, 2, 3), builder.AddInitializer<float>("b", [1.5f, -0.7f, 3], 3)]), LastPlace);
        Folds(type, builder => builder.AddNode("y", opType, [builder.AddInitializer<float>("a", [0.3f, 3], 2, 1), builder.AddInitializer<float>("b", [2, 3, 0.3f], 1, 3)]), LastPlace);
    }

    [TestMethod]
    [DataRow("Add")]
    [DataRow("Sub")]
    [DataRow("Mul")]
    [DataRow("Div")]
    public void Integers_wrap_and_are_divided_towards_zero(string opType)
    {
        long[] left = [7, -7, 9, long.MaxValue];
        Folds(OnnxElementType.Int64, builder => builder.AddNode("y", opType, [builder.AddInitializer<long>("a", left, 4), builder.AddInitializer<long>("b", [2, 2, -4, 3], 4)]));
        Folds(OnnxElementType.Int32, builder => builder.AddNode("y", opType, [builder.AddInitializer<int>("a", [7, -7, int.MaxValue], 3), builder.AddInitializer<int>("b", [-2], 1)]));
    }

    [TestMethod]
    public void Division_of_integers_without_a_result_is_left_to_the_runtime()
    {
        foreach (long divisor in (long[])[0, -1])
        {
            OnnxModel model = Expression(OnnxElementType.Int64, builder => builder.AddNode("y", "Div", [builder.AddInitializer<long>("a", [long.MinValue], 1), builder.AddInitializer<long>("b", [divisor], 1)]));
            Assert.AreEqual(0, new ConstantFolding().Apply(model));
        }
    }

    [TestMethod]
    [DataRow("Neg")]
    [DataRow("Abs")]
    [DataRow("Sqrt")]
    [DataRow("Reciprocal")]
    [DataRow("Exp")]
    [DataRow("Log")]
    [DataRow("Floor")]
    [DataRow("Ceil")]
    [DataRow("Round")]
    public void Operator_of_one_input_is_what_the_runtime_computes(string opType)
    {
        float[] x = opType is "Sqrt" or "Log" ? [0.25f, 0.5f, 1.3f, 2, 3] : [-2.5f, -0.5f, 0.5f, 1.5f, 1.7f];
        Folds(OnnxElementType.Float, builder => builder.AddNode("y", opType, [builder.AddInitializer<float>("x", x, 5)]), LastPlace);
    }

    [TestMethod]
    [DataRow("ReduceSum")]
    [DataRow("ReduceMean")]
    [DataRow("ReduceMax")]
    [DataRow("ReduceMin")]
    [DataRow("ReduceProd")]
    public void Reduction_is_what_the_runtime_computes(string opType)
    {
        foreach (int keep in (int[])[0, 1])
        {
            foreach (long[] axes in (long[][])[[0], [-1], [0, 2], [0, 1, 2]])
            {
                Folds(OnnxElementType.Float, 18, builder => builder.AddNode("y", opType, [Positive(builder, 2, 3, 4), builder.AddInitializer<long>("axes", axes, axes.Length)], OnnxAttribute.Int("keepdims", keep)), LastPlace);
                if (opType != "ReduceSum")
                    Folds(OnnxElementType.Float, builder => builder.AddNode("y", opType, [Positive(builder, 2, 3, 4)], OnnxAttribute.Ints("axes", axes), OnnxAttribute.Int("keepdims", keep)), LastPlace);
            }
        }
        Folds(OnnxElementType.Float, builder => builder.AddNode("y", opType, [Positive(builder, 2, 3)]), LastPlace);
        if (opType != "ReduceMean")
            Folds(OnnxElementType.Int64, builder => builder.AddNode("y", opType, [builder.AddInitializer<long>("x", [3, -1, 4], 3)]));
    }

    [TestMethod]
    [DataRow(OnnxElementType.Float)]
    [DataRow(OnnxElementType.Float16)]
    [DataRow(OnnxElementType.Double)]
    [DataRow(OnnxElementType.Int64)]
    [DataRow(OnnxElementType.Int32)]
    [DataRow(OnnxElementType.UInt8)]
    [DataRow(OnnxElementType.Bool)]
    public void Cast_is_what_the_runtime_computes(OnnxElementType to)
    {
        OnnxAttribute target = OnnxAttribute.Int("to", (long)to);
        Folds(to, builder => builder.AddNode("y", "Cast", [builder.AddInitializer<float>("x", [0, 0.1f, 1.9f, 2.5f, 200.7f], 5)], target));
        Folds(to, builder => builder.AddNode("y", "Cast", [builder.AddInitializer<long>("x", [0, 1, 100, 2049], 4)], target));
        Folds(to, builder => builder.AddNode("y", "Cast", [builder.AddInitializer<bool>("x", [false, true], 2)], target));
    }

    [TestMethod]
    public void Cast_of_a_float_to_an_integer_that_cannot_hold_it_is_left_to_the_runtime()
    {
        foreach (float value in (float[])[float.NaN, 9.3e18f, -1e30f, 256])
        {
            OnnxElementType to = value == 256 ? OnnxElementType.UInt8 : OnnxElementType.Int64;
            OnnxModel model = Expression(to, builder => builder.AddNode("y", "Cast", [builder.AddInitializer<float>("x", [value], 1)], OnnxAttribute.Int("to", (long)to)));
            Assert.AreEqual(0, new ConstantFolding().Apply(model), $"{value}");
        }
    }

    [TestMethod]
    public void Rearrangement_is_what_the_runtime_computes()
    {
        Move(builder => builder.AddNode("y", "Reshape", [Ramp(builder, 2, 3, 4), Longs(builder, 0, -1)]));
        Move(builder => builder.AddNode("y", "Flatten", [Ramp(builder, 2, 3, 4)], OnnxAttribute.Int("axis", -1)));
        Move(builder => builder.AddNode("y", "Transpose", [Ramp(builder, 2, 3, 4)], OnnxAttribute.Ints("perm", 1, 2, 0)));
        Move(builder => builder.AddNode("y", "Transpose", [Ramp(builder, 2, 3, 4)]));
        Move(builder => builder.AddNode("y", "Squeeze", [Ramp(builder, 1, 3, 1)]));
        Move(builder => builder.AddNode("y", "Squeeze", [Ramp(builder, 1, 3, 1), Longs(builder, -1)]));
        Move(builder => builder.AddNode("y", "Unsqueeze", [Ramp(builder, 2, 3), Longs(builder, 0, -1)]));
        Move(builder => builder.AddNode("y", "Concat", [Ramp(builder, 2, 3), Ramp(builder, 2, 1), Ramp(builder, 2, 2)], OnnxAttribute.Int("axis", -1)));
        Move(builder => builder.AddNode("y", "Gather", [Ramp(builder, 2, 3, 4), builder.AddInitializer<long>("index", [2, -3, 0, 0], 2, 2)], OnnxAttribute.Int("axis", 1)));
        Move(builder => builder.AddNode("y", "Gather", [Ramp(builder, 2, 3), builder.AddInitializer<int>("index", [1])]));
        Move(builder => builder.AddNode("y", "Expand", [Ramp(builder, 3, 1), Longs(builder, 2, 1, 4)]));
        Move(builder => builder.AddNode("y", "Identity", [Ramp(builder, 3)]));
        Move(builder => builder.AddNode("y", "ConstantOfShape", [Longs(builder, 2, 3)]), comparesZeros: true);
        Move(builder => builder.AddNode("y", "Where", [builder.AddInitializer<bool>("condition", [true, false, true], 3), Ramp(builder, 2, 1), Ramp(builder, 2, 3)]));
    }

    [TestMethod]
    [DataRow(new long[] { 1 }, new long[] { 3 }, new long[] { 1 }, new long[] { 1 })]
    [DataRow(new long[] { -1 }, new long[] { long.MinValue }, new long[] { 1 }, new long[] { -1 })]
    [DataRow(new long[] { 4, -2 }, new long[] { -6, 100 }, new long[] { -1, 0 }, new long[] { -2, 1 })]
    [DataRow(new long[] { 0, 1 }, new long[] { long.MaxValue, 4 }, new long[] { 1, 0 }, new long[] { 3, 2 })]
    public void Slice_is_what_the_runtime_computes(long[] starts, long[] ends, long[] axes, long[] steps) =>
        Move(builder => builder.AddNode("y", "Slice", [Ramp(builder, 4, 5), Longs(builder, starts), Longs(builder, ends), Longs(builder, axes), Longs(builder, steps)]));

    [TestMethod]
    public void Range_is_what_the_runtime_computes()
    {
        Folds(OnnxElementType.Float, builder => builder.AddNode("y", "Range", [Scalar(builder, 0.5f), Scalar(builder, 3f), Scalar(builder, 0.7f)]), LastPlace);
        Folds(OnnxElementType.Int64, builder => builder.AddNode("y", "Range", [Scalar(builder, 10L), Scalar(builder, 1L), Scalar(builder, -4L)]));
    }

    [TestMethod]
    public void Constant_nodes_become_stored_tensors()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 2);
        string y = builder.AddNode("sum", "Add", [x, builder.AddNode("numbers", "Constant", [], OnnxAttribute.Floats("value_floats", 1, 2))]);
        string z = builder.AddNode("product", "Mul", [y, builder.AddNode("number", "Constant", [], OnnxAttribute.Float("value_float", 3))]);
        builder.AddOutput(z, OnnxElementType.Float, "N", 2);
        OnnxModel model = builder.Build();
        NodeProto tensor = model.Proto.Graph.Node[0];
        tensor.Attribute.Clear();
        tensor.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeType.Tensor, T = TensorData.Create<float>("", [1, 2], 2) });

        Assert.AreEqual(2, PassCheck.Apply(new ConstantFolding(), model));

        Assert.AreEqual("Add Mul", PassCheck.Operators(model));
        CollectionAssert.AreEqual((float[])[1, 2], PassCheck.Floats(model, "numbers"));
        Assert.AreEqual("number: ", string.Join(",", model.Initializers.Where(stored => stored.Name == "number").Select(stored => $"{stored.Name}: {string.Join('×', stored.Dimensions)}")), "a scalar");
    }

    [TestMethod]
    public void Shapes_that_are_fixed_are_folded_through_and_open_ones_stay()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 4, 5);
        string inner = builder.AddNode("inner", "Shape", [x], OnnxAttribute.Int("start", 1), OnnxAttribute.Int("end", -1));
        string count = builder.AddNode("count", "ReduceProd", [inner], OnnxAttribute.Int("keepdims", 1));
        string target = builder.AddNode("target", "Concat", [builder.AddNode("batch", "Shape", [x], OnnxAttribute.Int("end", 1)), count, builder.AddConstant<long>("rest", [-1], 1)], OnnxAttribute.Int("axis", 0));
        string shaped = builder.AddNode("shaped", "Reshape", [x, target]);
        builder.AddOutput(shaped, OnnxElementType.Float, "N", 12, 5);
        OnnxModel model = builder.Build();

        Assert.AreEqual(2, PassCheck.Apply(new ConstantFolding(), model));

        Assert.AreEqual("Shape Concat Reshape", PassCheck.Operators(model));
        CollectionAssert.AreEqual((long[])[12], PassCheck.Longs(model, "count"));
    }

    [TestMethod]
    public void Shape_that_another_folded_shape_fixes_is_folded_in_the_same_application()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, 2, 6);
        string halves = builder.AddNode("halves", "Div", [builder.AddNode("shape", "Shape", [x]), builder.AddConstant<long>("two", [2, 2], 2)]);
        string target = builder.AddNode("target", "Concat", [halves, builder.AddConstant<long>("rest", [-1], 1)], OnnxAttribute.Int("axis", 0));
        string shaped = builder.AddNode("shaped", "Reshape", [x, target]);
        string size = builder.AddNode("size", "Cast", [builder.AddNode("shape_again", "Shape", [shaped])], OnnxAttribute.Int("to", (long)OnnxElementType.Float));
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
        static OnnxModel Model() => Expression(OnnxElementType.Float, builder => builder.AddNode("y", "Expand", [Ramp(builder, 3, 1), Longs(builder, 3, 1000)]));
        Assert.AreEqual(1, new ConstantFolding(maxGrowth: 12_000).Apply(Model()));
        Assert.AreEqual(0, new ConstantFolding(maxGrowth: 11_000).Apply(Model()));
        OnnxModel huge = Expression(OnnxElementType.Float, builder => builder.AddNode("y", "ConstantOfShape", [Longs(builder, 1L << 40, 1L << 40)]));
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

    private static void Folds(OnnxElementType type, Func<OnnxGraphBuilder, string> add, double tolerance = 0) => Folds(type, 17, add, tolerance);

    private static void Folds(OnnxElementType type, int opset, Func<OnnxGraphBuilder, string> add, double tolerance)
    {
        OnnxModel model = Expression(type, add, opset);
        Assert.AreEqual(1, PassCheck.Apply(new ConstantFolding(), model, tolerance));
        Assert.AreEqual("Identity", PassCheck.Operators(model));
        Assert.HasCount(1, model.Initializers);
    }

    private static void Move(Func<OnnxGraphBuilder, string> add, bool comparesZeros = false)
    {
        OnnxModel model = Expression(OnnxElementType.Float, add);
        double[] before = GraphRun.Outputs(model)["result"];
        Assert.AreEqual(1, new ConstantFolding().Apply(model));
        ImmutableArray<long> folded = model.Initializers.Single().Dimensions;
        CollectionAssert.AreEqual(before, GraphRun.Outputs(model)["result"]);
        CollectionAssert.AreEqual(RuntimeShape(add), folded);
        Assert.AreEqual(comparesZeros, before.All(value => value == 0));
    }

    private static ImmutableArray<long> RuntimeShape(Func<OnnxGraphBuilder, string> add)
    {
        var builder = new OnnxGraphBuilder();
        builder.ReserveName("result");
        string shape = builder.AddNode("shape", "Shape", [add(builder)]);
        builder.RenameValue(shape, "result");
        builder.AddOutput("result", OnnxElementType.Int64, OnnxDimension.Unknown);
        return [.. GraphRun.Outputs(builder.Build())["result"].Select(size => (long)size)];
    }

    private static OnnxModel Expression(OnnxElementType type, Func<OnnxGraphBuilder, string> add, int opset = 17) => AnyRank.Build(sizes =>
    {
        var builder = new OnnxGraphBuilder(opset: opset);
        builder.ReserveName("result");
        builder.RenameValue(builder.AddNode("identity", "Identity", [add(builder)]), "result");
        builder.AddOutput("result", type, sizes);
        return builder.Build();
    });

    private static string Ramp(OnnxGraphBuilder builder, params long[] shape) =>
        builder.AddInitializer<float>("ramp", SmallModel.Ramp((int)shape.Aggregate(1L, (product, size) => product * size)), shape);

    private static string Positive(OnnxGraphBuilder builder, params long[] shape) =>
        builder.AddInitializer<float>("positive", [.. SmallModel.Ramp((int)shape.Aggregate(1L, (product, size) => product * size)).Select(value => value + 1)], shape);

    private static string Longs(OnnxGraphBuilder builder, params long[] values) => builder.AddInitializer<long>("longs", values, values.Length);

    private static string Scalar<T>(OnnxGraphBuilder builder, T value)
        where T : unmanaged => builder.AddInitializer<T>("scalar", [value]);
}
