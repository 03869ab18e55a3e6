using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;

namespace KeypointMl.Tests.Onnx.Passes;

[TestClass]
public sealed class InputNormalizationFoldingTests
{
    // A sum of 27 products of weights below 0.5 with numbers below 1: 27·0.5·1 in front of the bias, with rounding of
    // about 2⁻²³ of that a few times.
    private const double Tolerance = 1e-5;

    [TestMethod]
    public void Detectors_preparation_becomes_a_padding_with_the_grey_that_means_zero()
    {
        OnnxModel model = Prepared(pad: 1, (builder, x) => Sub(builder, Div(builder, x, 127.5f), 1));
        Assert.AreEqual(1, PassCheck.Apply(new InputNormalizationFolding(), model, Tolerance));
        Assert.AreEqual("Cast Transpose Pad Conv", PassCheck.Operators(model));
        Assert.AreEqual(127.5f, PassCheck.Floats(model, "conv.zero").Single());
        CollectionAssert.AreEqual((long[])[0, 0, 1, 1, 0, 0, 1, 1], PassCheck.Longs(model, "conv.pads"));
    }

    [TestMethod]
    public void Scale_alone_maps_zero_to_zero_and_leaves_the_padding_to_the_convolution()
    {
        OnnxModel model = Prepared(
            pad: 1, (builder, x) =>
                builder.AddNode("scale", "Mul", [x, builder.AddInitializer<float>("factor", [1 / 255f, 0.5f / 255, 0.25f / 255], 3)]));
        Assert.AreEqual(1, PassCheck.Apply(new InputNormalizationFolding(), model, Tolerance));
        Assert.AreEqual("Cast Transpose Conv", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Means_and_deviations_of_channels_fold_where_nothing_is_padded()
    {
        OnnxModel model = Prepared(pad: 0, Standardize);
        Assert.AreEqual(1, PassCheck.Apply(new InputNormalizationFolding(), model, tolerance: 4 * Tolerance),
            "deviations of a quarter give numbers up to 2.6");
        Assert.AreEqual("Cast Transpose Conv", PassCheck.Operators(model));
    }

    [TestMethod]
    [DataRow(1, DisplayName = "channels")]
    [DataRow(0, DisplayName = "dimensions")]
    public void Arithmetic_that_makes_the_channels_or_dimensions_stays(int channels)
    {
        var builder = new OnnxGraphBuilder();
        OnnxDimension[] shape = channels == 0 ? [3, 8, 8] : ["N", channels, 8, 8];
        string image = builder.AddInput("image", OnnxElementType.Float, shape);
        string shifted = builder.AddNode("shift", "Sub", [image, builder.AddInitializer<float>("mean", [0.5f, 0.25f, 0.125f], 1, 3, 1, 1)]);
        string weight = builder.AddInitializer<float>("weight", SmallModel.Ramp(4 * 3 * 9), 4, 3, 3, 3);
        string conv = builder.AddNode("conv", "Conv", [shifted, weight, builder.AddInitializer<float>("bias", SmallModel.Ramp(4), 4)]);
        builder.AddOutput(conv, OnnxElementType.Float, channels == 0 ? 1 : "N", 4, 6, 6);

        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), builder.Build()));
    }

    [TestMethod]
    public void Means_that_differ_between_channels_stay_where_something_is_padded()
    {
        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), Prepared(pad: 1, Standardize)));
    }

    [TestMethod]
    public void Zero_that_no_number_hits_exactly_stays_where_something_is_padded()
    {
        // In 32-bit floats 0.01·20 is not 0.2, and 20 is the number nearest to 0.2/0.01.
        OnnxModel model = Prepared(
            pad: 1, (builder, x) =>
                Sub(builder, builder.AddNode("scale", "Mul", [x, builder.AddConstant<float>("factor", [0.01f])]), 0.2f));
        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), model));
    }

    [TestMethod]
    public void Padding_that_costs_what_it_saves_is_not_worth_it()
    {
        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), Prepared(pad: 1, (builder, x) => Sub(builder, x, 128))));
        Assert.AreEqual(1, PassCheck.Apply(
            new InputNormalizationFolding(), Prepared(pad: 0, (builder, x) => Sub(builder, x, 128)), 256 * Tolerance));
    }

    [TestMethod]
    public void Padding_that_follows_from_the_size_stays()
    {
        OnnxModel model = Prepared(pad: 0, (builder, x) => Sub(builder, Div(builder, x, 127.5f), 1));
        model.Proto.Graph.Node.Single(node => node.OpType == "Conv").Attribute.Add(OnnxAttribute.Text("auto_pad", "SAME_UPPER").ToProto());
        model.Proto.Graph.Output[0] = new OnnxValueInfo(
            model.Outputs[0].Name, OnnxElementType.Float, ["N", .. Enumerable.Repeat(OnnxDimension.Unknown, 3)]).ToProto();
        model.Proto.Graph.Node.Single(node => node.OpType == "Conv").Attribute.Remove(
            model.Proto.Graph.Node.Single(node => node.OpType == "Conv").Attribute.Single(attribute => attribute.Name == "pads"));
        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), model));
    }

    [TestMethod]
    public void Difference_from_a_constant_is_folded_with_its_sign()
    {
        OnnxModel model = Prepared(
            pad: 1, (builder, x) => builder.AddNode("negative", "Sub", [builder.AddConstant<float>("one", [1f]), Div(builder, x, 127.5f)]));
        Assert.AreEqual(1, PassCheck.Apply(new InputNormalizationFolding(), model, Tolerance));
    }

    [TestMethod]
    [DataRow("Gather")]
    [DataRow("Slice")]
    [DataRow("Gather of bytes")]
    public void Order_of_channels_is_folded_into_the_weights(string how)
    {
        OnnxModel model = Prepared(
            pad: 1,
            (builder, x) => how switch
            {
                "Gather" => Gather(builder, Div(builder, x, 127.5f), 2, 1, 0),
                "Slice" => builder.AddNode(
                    "reverse",
                    "Slice",
                    [Div(builder, x, 127.5f),
                        .. new long[] { -1, long.MinValue, 3,
                            -1 }.Select((value, index) => builder.AddConstant<long>($"bound{index}", [value], 1))]),
                _ => Div(builder, x, 127.5f),
            },
            (builder, image) => how == "Gather of bytes" ? Gather(builder, image, 2, 1, 0) : image);
        Assert.AreEqual(1, PassCheck.Apply(new InputNormalizationFolding(), model, 2 * Tolerance), "numbers up to 2");
        Assert.AreEqual("Cast Transpose Conv", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Fourth_channel_that_is_dropped_gets_weights_of_zero()
    {
        OnnxModel model = Prepared(pad: 1, (builder, x) => Sub(builder, Div(builder, Gather(builder, x, 2, 1, 0), 127.5f), 1), channels: 4);
        Assert.AreEqual(1, PassCheck.Apply(new InputNormalizationFolding(), model, Tolerance));
        Assert.AreEqual("Cast Transpose Pad Conv", PassCheck.Operators(model));
        CollectionAssert.AreEqual((long[])[4, 4, 3, 3], model.Initializers.Single(stored => stored.Name == "weight").Dimensions);
    }

    [TestMethod]
    public void Few_of_many_channels_are_taken_before_the_convolution_as_they_were()
    {
        OnnxModel model = Prepared(pad: 0, (builder, x) => Div(builder, Gather(builder, x, 2, 1, 0), 127.5f), channels: 300);
        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), model));
    }

    [TestMethod]
    public void Stored_tensor_in_place_of_an_image_is_no_input()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, 1, 4, 4, 4);
        string narrow = builder.AddInitializer<Half>("narrow", [.. SmallModel.Ramp(3 * 16).Select(value => (Half)value)], 1, 3, 4, 4);
        string learnt = builder.AddNode("learnt", "Cast", [narrow], OnnxAttribute.From("to", OnnxElementType.Float));
        string weight = builder.AddInitializer<float>("weight", SmallModel.Ramp(4 * 3), 4, 3, 1, 1);
        string sum = builder.AddNode("sum", "Add", [builder.AddNode("conv", "Conv", [learnt, weight]), x]);
        builder.AddOutput(sum, OnnxElementType.Float, 1, 4, 4, 4);

        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), builder.Build()));
    }

    [TestMethod]
    public void Image_that_is_read_elsewhere_too_stays_what_it_is()
    {
        OnnxModel model = Prepared(pad: 0, (builder, x) => Sub(builder, Div(builder, x, 127.5f), 1));
        model.Proto.Graph.Output.Add(new OnnxValueInfo("sub", OnnxElementType.Float, ["N", 8, 8, 3]).ToProto());
        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), model));
    }

    [TestMethod]
    public void Activations_inside_of_a_network_are_no_input()
    {
        OnnxModel model = Prepared(pad: 0, (builder, x) => Sub(builder, Div(builder, builder.AddNode("relu", "Relu", [x]), 127.5f), 1));
        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), model));
    }

    [TestMethod]
    public void Arithmetic_in_front_of_a_rounding_cast_stays()
    {
        OnnxModel model = Prepared(
            pad: 0,
            (builder, x) => builder.AddNode("back", "Cast",
                [builder.AddNode("bytes", "Cast", [Div(builder, x, 2)], OnnxAttribute.From("to", OnnxElementType.UInt8))],
                    OnnxAttribute.From("to", OnnxElementType.Float)));
        Assert.AreEqual(0, PassCheck.Apply(new InputNormalizationFolding(), model));
    }

    private static string Standardize(OnnxGraphBuilder builder, string x)
    {
        string centred = builder.AddNode(
            "centre", "Sub", [Div(builder, x, 255), builder.AddInitializer<float>("mean", [0.485f, 0.456f, 0.406f], 1, 1, 3)]);
        return builder.AddNode("standard", "Div", [centred, builder.AddInitializer<float>("deviation", [0.229f, 0.224f, 0.225f], 3)]);
    }

    private static string Div(OnnxGraphBuilder builder, string x, float by) =>
        builder.AddNode("div", "Div", [x, builder.AddConstant<float>("divisor", [by])]);

    private static string Sub(OnnxGraphBuilder builder, string x, float by) =>
        builder.AddNode("sub", "Sub", [x, builder.AddConstant<float>("shift", [by])]);

    private static string Gather(OnnxGraphBuilder builder, string x, params long[] channels) =>
        builder.AddNode("pick", "Gather", [x, builder.AddConstant<long>("channels", channels, channels.Length)],
            OnnxAttribute.Int("axis", -1));

    /// <summary>image uint8 [N,8,8,C] → Cast → … → Transpose → Conv C→4, 3×3.</summary>
    private static OnnxModel Prepared(
        int pad,
        Func<OnnxGraphBuilder, string, string> normalize,
        Func<OnnxGraphBuilder, string, string>? order = null,
        int channels = 3)
    {
        var builder = new OnnxGraphBuilder();
        string image = builder.AddInput("image", OnnxElementType.UInt8, "N", 8, 8, channels);
        string cast = builder.AddNode(
            "cast", "Cast", [order?.Invoke(builder, image) ?? image], OnnxAttribute.From("to", OnnxElementType.Float));
        string planes = builder.AddNode("planes", "Transpose", [normalize(builder, cast)], OnnxAttribute.Ints("perm", 0, 3, 1, 2));
        string weight = builder.AddInitializer<float>("weight", SmallModel.Ramp(4 * 3 * 9), 4, 3, 3, 3);
        string conv = builder.AddNode("conv", "Conv", [planes, weight, builder.AddInitializer<float>("bias", SmallModel.Ramp(4), 4)],
            OnnxAttribute.Ints("pads", pad, pad, pad, pad));
        builder.AddOutput(conv, OnnxElementType.Float, "N", 4, 6 + (2 * pad), 6 + (2 * pad));
        return builder.Build();
    }
}
