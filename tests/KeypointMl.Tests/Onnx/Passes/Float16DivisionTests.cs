using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>Divisions between layers, whose guards and sums 16-bit floats cannot hold.</summary>
[TestClass]
public sealed class Float16DivisionTests
{
    private const double Tolerance = 0.02;

    [TestMethod]
    public void Guard_against_a_length_of_0_holds()
    {
        OnnxModel model = Layers(1, (builder, x) =>
        {
            string positive = builder.AddNode("none", "Relu", [builder.AddNode("minus", "Neg", [builder.AddNode("size", "Abs", [x])])]);
            string length = builder.AddNode("length", "ReduceL2", [positive], OnnxAttribute.Ints("axes", 1));
            string guarded = builder.AddNode("guard", "Max", [length, builder.AddConstant<float>("eps", [1e-12f])]);
            return builder.AddNode("unit", "Div", [positive, guarded]);
        });
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        Assert.AreEqual("Cast Conv Abs Neg Relu Cast ReduceL2 Max Div Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Large_sum_is_divided_in_32_bits()
    {
        OnnxModel model = Layers(1e5f, (builder, x) =>
        {
            string sum = builder.AddNode("sum", "ReduceSum", [x, builder.AddConstant<long>("axes", [1], 1)]);
            return builder.AddNode("share", "Expand", [
                builder.AddNode("mean", "Div", [sum, builder.AddConstant<float>("count", [1e6f / 20])]),
                builder.AddConstant<long>("shape", [1, 3, 1, 1], 4)]);
        });
        PassCheck.Apply(new Float16Conversion(), model, 1);
        StringAssert.Contains(PassCheck.Operators(model), "Cast ReduceSum Div");
    }

    [TestMethod]
    public void Reciprocal_of_what_a_layer_gives_stays_and_division_by_a_stored_number_does_not()
    {
        OnnxModel model = Layers(1, (builder, x) => builder.AddNode("inverse", "Reciprocal", [builder.AddNode(
            "more", "Add", [builder.AddNode("half", "Div", [x, builder.AddConstant<float>("two", [2f])]),
                builder.AddConstant<float>("ten", [10f])])]));
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        Assert.AreEqual("Cast Conv Div Add Cast Reciprocal Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Guard_inside_a_root_holds_where_all_elements_are_0()
    {
        OnnxModel model = Layers(1, (builder, x) =>
        {
            string none = builder.AddNode("none", "Mul", [x, builder.AddConstant<float>("zero", [0f])]);
            string square = builder.AddNode("square", "Pow", [none, builder.AddConstant<float>("two", [2f])]);
            string variance = builder.AddNode("variance", "ReduceMean", [square], OnnxAttribute.Ints("axes", 1));
            string guarded = builder.AddNode("guard", "Add", [variance, builder.AddConstant<float>("eps", [1e-12f])]);
            return builder.AddNode("unit", "Div", [none, builder.AddNode("deviation", "Sqrt", [guarded])]);
        });
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        Assert.AreEqual("Cast Conv Mul Cast Pow ReduceMean Add Sqrt Div Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Arithmetic_between_a_large_sum_and_the_division_by_it_stays_in_32_bits()
    {
        OnnxModel model = Layers(1e5f, (builder, x) =>
        {
            string sum = builder.AddNode("sum", "ReduceL1", [x], OnnxAttribute.Ints("axes", 1, 2, 3));
            string mean = builder.AddNode("mean", "Mul", [sum, builder.AddConstant<float>("part", [1 / 108f])]);
            string guarded = builder.AddNode("guard", "Add", [mean, builder.AddConstant<float>("eps", [1e-3f])]);
            return builder.AddNode("relative", "Div", [x, guarded]);
        });
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        Assert.AreEqual("Cast Conv Cast ReduceL1 Mul Add Div Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Square_written_as_a_product_stays_in_32_bits_as_Pow_does()
    {
        OnnxModel model = Layers(1e5f, (builder, x) =>
        {
            string square = builder.AddNode("square", "Mul", [x, x]);
            string mean = builder.AddNode("mean", "ReduceMean", [square], OnnxAttribute.Ints("axes", 1));
            return builder.AddNode("relative", "Div", [x, builder.AddNode("root", "Sqrt", [mean])]);
        });
        OnnxModel bold = model.Clone();
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        Assert.AreEqual("Cast Conv Cast Mul ReduceMean Sqrt Div Cast Conv Cast", PassCheck.Operators(model));

        new Float16Conversion(new Float16ConversionOptions
        {
            KeepOperators = Float16ConversionOptions.DefaultKeepOperators.Remove("Pow"),
        }).Apply(bold);
        StringAssert.StartsWith(PassCheck.Operators(bold), "Cast Conv Mul Cast ReduceMean");
    }

    /// <summary>x [N,3,6,6] → Conv → … → Conv → y.</summary>
    private static OnnxModel Layers(float scale, Func<OnnxGraphBuilder, string, string> between)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 6, 6);
        string y = Conv(builder, between(builder, Conv(builder, x, scale)), 1);
        builder.AddOutput(y, OnnxElementType.Float, "N", 3, 6, 6);
        return builder.Build();
    }

    private static string Conv(OnnxGraphBuilder builder, string x, float scale)
    {
        float[] weights = [.. SmallModel.Ramp(3 * 3).Select(value => value / 4)];
        float[] bias = [.. SmallModel.Ramp(3).Select(value => (value + 1) * Math.Min(scale, 3e4f))];
        return builder.AddNode("conv", "Conv",
            [x, builder.AddInitializer<float>("weight", weights, 3, 3, 1, 1), builder.AddInitializer<float>("bias", bias, 3)]);
    }
}
