using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

[TestClass]
public sealed class OnnxQuantizerTests
{
    [TestMethod]
    [DataRow(QuantizedActivation.UInt8, CalibrationMethod.MinMax)]
    [DataRow(QuantizedActivation.UInt8, CalibrationMethod.Percentile)]
    [DataRow(QuantizedActivation.UInt8, CalibrationMethod.Entropy)]
    [DataRow(QuantizedActivation.Int8, CalibrationMethod.MinMax)]
    public void Quantised_model_is_valid_smaller_and_computes_nearly_the_same(QuantizedActivation activation, CalibrationMethod calibration)
    {
        OnnxModel model = QuantizationModels.EveryOperator();
        byte[] before = model.ToArray();

        OnnxQuantizationResult result = OnnxQuantizer.Quantize(model, QuantizationModels.Batches(8), new OnnxQuantizationOptions
        {
            Activation = activation,
            Calibration = calibration,
        });

        Assert.IsEmpty(OnnxChecker.Check(result.Model));
        OfficialChecker.AssertAgrees(result.Model);
        CollectionAssert.AreEqual(before, model.ToArray(), "the original is unchanged");
        Assert.AreEqual(model.Outputs.Single(), result.Model.Outputs.Single());
        Assert.AreEqual(model.Inputs.Single(), result.Model.Inputs.Single());
        Assert.IsTrue(result.Model.ToArray().Length < before.Length / 2);
        CalibrationBatch unseen = QuantizationModels.Batches(1, seed: 99)[0];
        float[] expected = QuantizationModels.Run(model, unseen, "scores");
        float[] found = QuantizationModels.Run(result.Model, unseen, "scores");
        // Ten roundings to 8 bits, of 1/255 of the range each at most.
        float range = expected.Max() - expected.Min();
        Assert.IsTrue(OutputErrors.MaxAbsolute(expected, found) < range * 10 / 255,
            $"{OutputErrors.MaxAbsolute(expected, found)} of {range}");
        Assert.AreNotEqual(0, OutputErrors.MaxAbsolute(expected, found), "it is not the original");
    }

    [TestMethod]
    public void Same_input_gives_the_same_bytes()
    {
        byte[] Once() => OnnxQuantizer.Quantize(QuantizationModels.EveryOperator(), QuantizationModels.Batches()).Model.ToArray();
        CollectionAssert.AreEqual(Once(), Once());
    }

    [TestMethod]
    public void Weights_bias_and_activations_are_stored_as_the_specification_of_qdq_says()
    {
        OnnxModel model = QuantizationModels.EveryOperator();
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(model, QuantizationModels.Batches());
        GraphProto graph = result.Model.Proto.Graph;
        float[] weights = TensorData.Floats(model.Proto.Graph.Initializer.Single(tensor => tensor.Name == "second.weight")).ToArray();
        float[] scales = TensorData.Floats(Stored("second.weight/scale")).ToArray();
        for (int channel = 0; channel < 16; channel++)
            Assert.AreEqual(weights.Skip(channel * 16 * 9).Take(16 * 9).Max(MathF.Abs) / 127, scales[channel]);
        Assert.AreEqual((int)OnnxElementType.Int8, Stored("second.weight/quantized").DataType);
        Assert.AreEqual((int)OnnxElementType.Int32, Stored("second.bias/quantized").DataType);
        float input = result.Report.Ranges["pool"].Scale;
        CollectionAssert.AreEqual(
            scales.Select(scale => input * scale).ToArray(), TensorData.Floats(Stored("second.bias/scale")).ToArray());
        Assert.IsTrue(Stored("second.weight/zero_point").RawData.All(value => value == 0)
            && Stored("second.bias/zero_point").RawData.All(value => value == 0));
        Assert.IsFalse(graph.Initializer.Any(tensor => tensor.Name is "second.weight" or "second.bias"), "the floats are gone");

        TensorProto Stored(string name) => graph.Initializer.Single(tensor => tensor.Name == name);
    }

    [TestMethod]
    public void Relu_is_replaced_by_a_range_from_zero()
    {
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(QuantizationModels.EveryOperator(), QuantizationModels.Batches());
        Assert.IsFalse(result.Model.Nodes.Any(node => node.OpType == "Relu"));
        Assert.AreEqual((0f, 0), (result.Report.Ranges["first/relu"].Min, result.Report.Ranges["first/relu"].ZeroPoint));
        StringAssert.Contains(result.Report.Nodes.Single(node => node.Name == "sum/relu").Reason, "'sum'");
    }

    [TestMethod]
    public void Pool_and_resize_share_the_range_of_what_they_read()
    {
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(QuantizationModels.EveryOperator(), QuantizationModels.Batches());
        Assert.AreEqual(result.Report.Ranges["first/relu"], result.Report.Ranges["pool"]);
        Assert.AreEqual(result.Report.Ranges["leaky"], result.Report.Ranges["enlarge"]);
    }

    [TestMethod]
    public void Concat_of_two_rectified_activations_shares_their_range()
    {
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(Joined("Relu", out CalibrationBatch batch), [batch]);
        Assert.AreEqual(result.Report.Ranges["both"], result.Report.Ranges["left/relu"]);
        Assert.AreEqual(result.Report.Ranges["both"], result.Report.Ranges["right/relu"]);
    }

    [TestMethod]
    public void Clip_keeps_its_ceiling_when_joined_with_a_higher_activation()
    {
        OnnxModel model = Joined("Clip", out CalibrationBatch batch);
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(model, [batch]);
        Assert.IsFalse(result.Model.Nodes.Any(node => node.OpType is "Clip" or "Relu"));
        Assert.IsTrue(result.Report.Ranges["left/relu"].Max <= 0.25f);
        Assert.IsTrue(result.Report.Ranges["right/relu"].Max > 0.5f, "the other branch does reach higher");
    }

    [TestMethod]
    public void Relu_keeps_its_floor_when_joined_with_an_activation_below_zero()
    {
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(Joined("Conv", out CalibrationBatch batch), [batch]);
        Assert.AreEqual(0, result.Report.Ranges["right/relu"].Min);
        Assert.IsTrue(result.Report.Ranges["left"].Min < -0.5f && result.Report.Ranges["both"].Min < -0.5f);
        Assert.IsFalse(result.Model.Nodes.Any(node => node.OpType == "Relu"));
    }

    [TestMethod]
    public void Batch_normalisation_is_folded_first()
    {
        CalibrationBatch batch = CalibrationBatch.Create("image", SmallModel.Ramp(2 * 3 * 8 * 8), 2, 3, 8, 8);
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(SmallModel.ConvNormRelu(), [batch], new OnnxQuantizationOptions
        {
            SkipNarrowConvolutions = false,
        });
        CollectionAssert.AreEqual((string[])["Conv", "DequantizeLinear", "QuantizeLinear"],
            result.Model.Nodes.Select(node => node.OpType).Distinct().Order(StringComparer.Ordinal).ToArray());
        Assert.AreEqual("to be read back", result.Model.Metadata["test.purpose"]);
    }

    [TestMethod]
    public void Excluded_nodes_and_operators_stay_in_floats_and_say_so()
    {
        var options = new OnnxQuantizationOptions { ExcludedNodes = ["th?rd", "f*t"], ExcludedOperators = ["Gemm"] };
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(QuantizationModels.EveryOperator(), QuantizationModels.Batches(), options);
        foreach (string name in (string[])["third", "flat", "first", "dense"])
        {
            QuantizedNode node = result.Report.Nodes.Single(node => node.Name == name);
            Assert.IsFalse(node.IsQuantized);
            StringAssert.Contains(node.Reason, "excluded");
        }
        Assert.IsTrue(result.Report.Nodes.Single(node => node.Name == "second").IsQuantized);
        Assert.IsFalse(result.Report.Nodes.Single(node => node.Name == "both").IsQuantized, "nothing behind it is");
        Assert.IsTrue(result.Model.Initializers.Any(tensor => tensor.Name == "third.weight"
            && tensor.ElementType == OnnxElementType.Float));
    }

    [TestMethod]
    public void Float_reader_of_what_a_float_node_makes_gets_the_float()
    {
        // first stays in floats; second reads its result as integers, and the graph gives it out as it was.
        OnnxModel model = QuantizationModels.EveryOperator();
        model.Proto.Graph.Output.Add(new OnnxValueInfo("pool", OnnxElementType.Float, ["N", 16, 4, 4]).ToProto());
        CalibrationBatch batch = QuantizationModels.Batches(1)[0];
        OnnxModel quantized = OnnxQuantizer.Quantize(model, [batch], new OnnxQuantizationOptions
        {
            ExcludedNodes = ["first", "pool"],
        }).Model;
        // The same kernels on the same numbers, possibly summed in another order.
        Assert.IsTrue(OutputErrors.MaxAbsolute(
            QuantizationModels.Run(model, batch, "pool"), QuantizationModels.Run(quantized, batch, "pool")) < 1e-5);
        CollectionAssert.AreEqual((string[])["scores", "pool"], quantized.Outputs.Select(output => output.Name).ToArray());
    }

    [TestMethod]
    [DataRow(3, 16, false)]
    [DataRow(15, 15, false)]
    [DataRow(4, 16, true)]
    [DataRow(16, 1, true)]
    public void Narrow_convolutions_stay_in_floats_unless_asked_for(int from, int to, bool quantized)
    {
        OnnxModel model = OneConvolution(from, to, out CalibrationBatch batch, beside: true);
        QuantizedNode Node(bool skip) => OnnxQuantizer.Quantize(model, [batch], new OnnxQuantizationOptions
        {
            SkipNarrowConvolutions = skip,
        }).Report.Nodes.Single(node => node.Name == "conv");
        Assert.AreEqual(quantized, Node(skip: true).IsQuantized);
        Assert.IsTrue(Node(skip: false).IsQuantized);
    }

    internal static OnnxModel OneConvolution(int from, int to, out CalibrationBatch batch, bool beside = false)
    {
        var random = new Random(16);
        var builder = new OnnxGraphBuilder("one");
        string image = builder.AddInput("image", OnnxElementType.Float, "N", from, 8, 8);
        builder.AddOutput(QuantizationModels.Conv(builder, random, "conv", image, from, to), OnnxElementType.Float, "N", to, 8, 8);
        if (beside)
            builder.AddOutput(QuantizationModels.Conv(builder, random, "wide", image, from, 32), OnnxElementType.Float, "N", 32, 8, 8);
        if (beside && from < 4)
            builder.AddOutput(QuantizationModels.Conv(builder, random, "second", "wide", 32, 16), OnnxElementType.Float, "N", 16, 8, 8);
        batch = CalibrationBatch.Create("image", QuantizationModels.Values(random, 2 * from * 64, 1), 2, from, 8, 8);
        return builder.Build();
    }

    // image → two convolutions, the right one rectified, the left one by a Relu, a Clip at 0.25 or not at all → Concat → convolution.
    private static OnnxModel Joined(string left, out CalibrationBatch batch)
    {
        var random = new Random(17);
        var builder = new OnnxGraphBuilder("joined");
        string image = builder.AddInput("image", OnnxElementType.Float, "N", 16, 8, 8);
        string first = QuantizationModels.Conv(builder, random, "left", image, 16, 16);
        first = left switch
        {
            "Clip" => builder.AddNode("left/relu", "Clip",
                [first, builder.AddConstant<float>("zero", [0]), builder.AddConstant<float>("ceiling", [0.25f])]),
            "Relu" => builder.AddNode("left/relu", "Relu", [first]),
            _ => first,
        };
        string right = builder.AddNode("right/relu", "Relu", [QuantizationModels.Conv(builder, random, "right", image, 16, 16)]);
        string both = builder.AddNode("both", "Concat", [first, right], OnnxAttribute.Int("axis", 1));
        builder.AddOutput(QuantizationModels.Conv(builder, random, "last", both, 32, 16), OnnxElementType.Float, "N", 16, 8, 8);
        batch = QuantizationModels.Batches(1)[0];
        return builder.Build();
    }
}
