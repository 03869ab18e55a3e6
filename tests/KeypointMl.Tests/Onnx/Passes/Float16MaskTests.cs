using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>Numbers beyond 16-bit floats that the graph computes, as the masks of attention are.</summary>
[TestClass]
public sealed class Float16MaskTests
{
    private const double Tolerance = 0.02;

    // Rows are masked as a whole, so that a mask of −∞ would give no number.
    [TestMethod]
    [DataRow("Where", "Where Cast Conv Cast Add Softmax Cast Conv Cast")]
    [DataRow("Mul", "Cast Sub Mul Cast Conv Cast Add Softmax Cast Conv Cast")]
    [DataRow("moved", "Where Squeeze Cast Unsqueeze Cast Conv Cast Add Softmax Cast Conv Cast")]
    [DataRow("ConstantOfShape", "ConstantOfShape Where Cast Conv Cast Add Softmax Cast Conv Cast")]
    public void Mask_that_is_computed_keeps_what_it_is_added_to_in_32_bits(string kind, string operators)
    {
        OnnxModel model = Masked(kind, (builder, scores, mask) =>
            builder.AddNode("soft", "Softmax", [builder.AddNode("masked", "Add", [scores, mask])], OnnxAttribute.Int("axis", -1)));
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        Assert.AreEqual(operators, PassCheck.Operators(model));
    }

    [TestMethod]
    public void Arithmetic_behind_a_masked_sum_stays_too()
    {
        OnnxModel model = Masked("Where", (builder, scores, mask) =>
        {
            string masked = builder.AddNode("masked", "Sub", [scores, builder.AddNode("minus", "Neg", [mask])]);
            string lowest = builder.AddNode("lowest", "Max", [masked, builder.AddConstant<float>("min", [float.MinValue])]);
            return builder.AddNode("soft", "Softmax", [lowest], OnnxAttribute.Int("axis", -1));
        });
        PassCheck.Apply(new Float16Conversion(), model, Tolerance);
        Assert.AreEqual("Where Cast Conv Neg Cast Sub Max Softmax Cast Conv Cast", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Bound_that_16_bits_cannot_hold_keeps_nothing_behind_it()
    {
        OnnxModel model = Masked("Where", (builder, scores, _) => builder.AddNode("more", "Add", [
            builder.AddNode("positive", "Clip",
                [scores, builder.AddConstant<float>("low", [0f]), builder.AddConstant<float>("high", [float.MaxValue])]),
            builder.AddConstant<float>("one", [1f])]));
        new Float16Conversion().Apply(model);
        StringAssert.EndsWith(PassCheck.Operators(model), "Cast Conv Cast Clip Cast Add Conv Cast");
    }

    /// <summary>x [N,3,6,6] → Conv → …, which reads a mask of whole rows → Conv → y.</summary>
    private static OnnxModel Masked(string kind, Func<OnnxGraphBuilder, string, string, string> between)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 6, 6);
        string rows = builder.AddInput("rows", OnnxElementType.Bool, "N", 3, 6, 1);
        string mask = Mask(builder, kind, rows);
        string y = Conv(builder, between(builder, Conv(builder, x), mask));
        builder.AddOutput(y, OnnxElementType.Float, "N", 3, 6, 6);
        OnnxModel model = builder.Build();
        // The builder has no attributes of tensors.
        foreach (NodeProto node in model.Proto.Graph.Node.Where(node => node.OpType == "ConstantOfShape"))
        {
            node.Attribute.Add(new AttributeProto
            {
                Name = "value",
                Type = AttributeType.Tensor,
                T = TensorData.Create<float>("", [float.MinValue], 1),
            });
        }
        return model;
    }

    private static string Mask(OnnxGraphBuilder builder, string kind, string rows)
    {
        string least = builder.AddConstant<float>("least", [float.MinValue]);
        string none = builder.AddConstant<float>("none", [0f]);
        switch (kind)
        {
            case "Mul":
                string numbers = builder.AddNode("numbers", "Cast", [rows], OnnxAttribute.From("to", OnnxElementType.Float));
                string others = builder.AddNode("others", "Sub", [builder.AddConstant<float>("one", [1f]), numbers]);
                return builder.AddNode("mask", "Mul", [others, least]);
            case "moved":
                string axes = builder.AddConstant<long>("axes", [3], 1);
                string flat = builder.AddNode("flat", "Squeeze", [builder.AddNode("mask", "Where", [rows, least, none]), axes]);
                string same = builder.AddNode("same", "Cast", [flat], OnnxAttribute.From("to", OnnxElementType.Float));
                return builder.AddNode("moved", "Unsqueeze", [same, axes]);
            case "ConstantOfShape":
                string full = builder.AddNode("full", "ConstantOfShape", [builder.AddConstant<long>("shape", [1], 1)]);
                return builder.AddNode("mask", "Where", [rows, full, none]);
            default:
                return builder.AddNode("mask", "Where", [rows, least, none]);
        }
    }

    private static string Conv(OnnxGraphBuilder builder, string x)
    {
        float[] weights = [.. SmallModel.Ramp(3 * 3).Select(value => value / 4)];
        return builder.AddNode("conv", "Conv", [x, builder.AddInitializer<float>("weight", weights, 3, 3, 1, 1)]);
    }
}
