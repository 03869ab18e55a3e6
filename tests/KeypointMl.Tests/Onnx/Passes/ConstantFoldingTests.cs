using System.Collections.Immutable;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using static KeypointMl.Tests.Onnx.Passes.ConstantExpressions;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>Folded values against what ONNX Runtime computes.</summary>
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
        OnnxElementType type = opType is "Equal" || opType.Contains("er", StringComparison.Ordinal)
            || opType.Contains("Less", StringComparison.Ordinal) ? OnnxElementType.Bool : OnnxElementType.Float;
        Folds(type, builder =>
            builder.AddNode("y", opType,
                [builder.AddInitializer<float>("a", left, 2, 3), builder.AddInitializer<float>("b", [1.5f, -0.7f, 3], 3)]), LastPlace);
        Folds(type, builder =>
            builder.AddNode("y", opType,
                [builder.AddInitializer<float>("a", [0.3f, 3], 2, 1), builder.AddInitializer<float>("b", [2, 3, 0.3f], 1, 3)]), LastPlace);
    }

    [TestMethod]
    [DataRow("Add")]
    [DataRow("Sub")]
    [DataRow("Mul")]
    [DataRow("Div")]
    public void Integers_wrap_and_are_divided_towards_zero(string opType)
    {
        long[] left = [7, -7, 9, long.MaxValue];
        Folds(OnnxElementType.Int64, builder =>
            builder.AddNode("y", opType,
                [builder.AddInitializer<long>("a", left, 4), builder.AddInitializer<long>("b", [2, 2, -4, 3], 4)]));
        Folds(OnnxElementType.Int32, builder =>
            builder.AddNode("y", opType,
                [builder.AddInitializer<int>("a", [7, -7, int.MaxValue], 3), builder.AddInitializer<int>("b", [-2], 1)]));
    }

    [TestMethod]
    public void Division_of_integers_without_a_result_is_left_to_the_runtime()
    {
        foreach (long divisor in (long[])[0, -1])
        {
            OnnxModel model = Expression(
                OnnxElementType.Int64, builder =>
                    builder.AddNode("y", "Div",
                        [builder.AddInitializer<long>("a", [long.MinValue], 1), builder.AddInitializer<long>("b", [divisor], 1)]));
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
                Folds(OnnxElementType.Float,
                    18, builder => builder.AddNode("y", opType,
                        [Positive(builder, 2, 3, 4), builder.AddInitializer<long>("axes", axes, axes.Length)],
                            OnnxAttribute.Int("keepdims", keep)), LastPlace);
                if (opType != "ReduceSum")
                {
                    Folds(OnnxElementType.Float, builder =>
                        builder.AddNode("y", opType, [Positive(builder, 2, 3, 4)], OnnxAttribute.Ints("axes", axes),
                            OnnxAttribute.Int("keepdims", keep)), LastPlace);
                }
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
            OnnxModel model = Expression(
                to, builder => builder.AddNode(
                    "y", "Cast", [builder.AddInitializer<float>("x", [value], 1)], OnnxAttribute.Int("to", (long)to)));
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
        Move(builder => builder.AddNode(
            "y", "Concat", [Ramp(builder, 2, 3), Ramp(builder, 2, 1), Ramp(builder, 2, 2)], OnnxAttribute.Int("axis", -1)));
        Move(builder => builder.AddNode("y", "Gather",
            [Ramp(builder, 2, 3, 4), builder.AddInitializer<long>("index", [2, -3, 0, 0], 2, 2)], OnnxAttribute.Int("axis", 1)));
        Move(builder => builder.AddNode("y", "Gather", [Ramp(builder, 2, 3), builder.AddInitializer<int>("index", [1])]));
        Move(builder => builder.AddNode("y", "Expand", [Ramp(builder, 3, 1), Longs(builder, 2, 1, 4)]));
        Move(builder => builder.AddNode("y", "Identity", [Ramp(builder, 3)]));
        Move(builder => builder.AddNode("y", "ConstantOfShape", [Longs(builder, 2, 3)]), comparesZeros: true);
        Move(builder => builder.AddNode("y", "Where",
            [builder.AddInitializer<bool>("condition", [true, false, true], 3), Ramp(builder, 2, 1), Ramp(builder, 2, 3)]));
    }

    [TestMethod]
    [DataRow(new long[] { 1 }, new long[] { 3 }, new long[] { 1 }, new long[] { 1 })]
    [DataRow(new long[] { -1 }, new long[] { long.MinValue }, new long[] { 1 }, new long[] { -1 })]
    [DataRow(new long[] { 4, -2 }, new long[] { -6, 100 }, new long[] { -1, 0 }, new long[] { -2, 1 })]
    [DataRow(new long[] { 0, 1 }, new long[] { long.MaxValue, 4 }, new long[] { 1, 0 }, new long[] { 3, 2 })]
    public void Slice_is_what_the_runtime_computes(long[] starts, long[] ends, long[] axes, long[] steps) =>
        Move(builder => builder.AddNode("y", "Slice",
            [Ramp(builder, 4, 5), Longs(builder, starts), Longs(builder, ends), Longs(builder, axes), Longs(builder, steps)]));

    [TestMethod]
    public void Range_is_what_the_runtime_computes()
    {
        Folds(OnnxElementType.Float, builder =>
            builder.AddNode("y", "Range", [Scalar(builder, 0.5f), Scalar(builder, 3f), Scalar(builder, 0.7f)]), LastPlace);
        Folds(OnnxElementType.Int64, builder =>
            builder.AddNode("y", "Range", [Scalar(builder, 10L), Scalar(builder, 1L), Scalar(builder, -4L)]));
    }

    [TestMethod]
    public void Range_of_numbers_that_doubles_do_not_tell_apart_is_left_to_the_runtime()
    {
        const long Far = 1L << 60; // doubles are 256 apart there
        OnnxModel model = Expression(OnnxElementType.Int64, builder =>
            builder.AddNode("y", "Range", [Scalar(builder, Far), Scalar(builder, Far + 3), Scalar(builder, 1L)]));
        Assert.AreEqual(0, new ConstantFolding().Apply(model));
    }

    private static void Folds(OnnxElementType type, Func<OnnxGraphBuilder, string> add, double tolerance = 0) =>
        Folds(type, 17, add, tolerance);

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

    private static string Positive(OnnxGraphBuilder builder, params long[] shape) =>
        builder.AddInitializer<float>("positive",
            [.. SmallModel.Ramp((int)shape.Aggregate(1L, (product, size) => product * size)).Select(value => value + 1)], shape);

    private static string Scalar<T>(OnnxGraphBuilder builder, T value)
        where T : unmanaged => builder.AddInitializer<T>("scalar", [value]);
}
