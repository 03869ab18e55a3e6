using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

[TestClass]
public sealed class SensitivitySearchTests
{
    [TestMethod]
    public void Most_sensitive_convolution_is_kept_in_floats()
    {
        OnnxModel model = WithOneBadConvolution();
        List<CalibrationBatch> batches = QuantizationModels.Batches();
        double all = Error(model, OnnxQuantizer.Quantize(model, batches, MinMax).Model, batches[0]);
        double withoutIt = Error(model, OnnxQuantizer.Quantize(model, batches, MinMax with { ExcludedNodes = ["bad"] }).Model, batches[0]);
        Assert.IsTrue(withoutIt < all / 4, $"{withoutIt} against {all}: it is what the error comes from");

        double limit = all / 2;
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(model, batches, MinMax with
        {
            ErrorLimit = new OutputErrorLimit("out", limit),
        });

        Assert.IsTrue(result.Report.OutputError <= limit);
        QuantizedNode bad = result.Report.Nodes.Single(node => node.Name == "bad");
        Assert.IsFalse(bad.IsQuantized);
        StringAssert.Contains(bad.Reason, "error limit");
        Assert.IsTrue(result.Report.Nodes.Where(node => node.OpType == "Conv" && node.Name != "bad")
            .All(node => node.IsQuantized && node.Sensitivity < bad.Sensitivity));
    }

    [TestMethod]
    public void Limit_that_holds_at_once_excludes_nothing()
    {
        OnnxModel model = WithOneBadConvolution();
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(model, QuantizationModels.Batches(), MinMax with
        {
            ErrorLimit = new OutputErrorLimit("out", 1e9),
        });
        Assert.IsTrue(result.Report.Nodes.Where(node => node.OpType == "Conv").All(node => node.IsQuantized && node.Sensitivity is null));
        Assert.IsTrue(result.Report.OutputError > 0);
    }

    [TestMethod]
    public void Limit_by_the_callers_own_measure_is_kept()
    {
        OnnxModel model = WithOneBadConvolution();
        List<CalibrationBatch> batches = QuantizationModels.Batches();
        double all = OnnxQuantizer.Quantize(model, batches, MinMax with
        {
            ErrorLimit = new OutputErrorLimit("out", 1e9) { Measure = OutputErrors.MaxAbsolute },
        }).Report.OutputError!.Value;
        int measured = 0;
        double Measure(ReadOnlySpan<float> original, ReadOnlySpan<float> quantized)
        {
            measured++;
            Assert.AreEqual(4 * 4 * 16 * 8 * 8, original.Length, "all batches at once");
            return OutputErrors.MaxAbsolute(original, quantized);
        }
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(model, batches, MinMax with
        {
            ErrorLimit = new OutputErrorLimit("out", all / 2) { Measure = Measure },
        });
        Assert.IsTrue(result.Report.OutputError <= all / 2);
        Assert.AreEqual(1 + 3 + 1, measured, "everything, each convolution alone, and all but one");
    }

    [TestMethod]
    public void Limit_that_cannot_be_kept_is_an_error_with_the_best_that_can()
    {
        OnnxModel model = WithOneBadConvolution();
        OnnxException error =
            Assert.ThrowsExactly<OnnxException>(() => OnnxQuantizer.Quantize(model, QuantizationModels.Batches(), MinMax with
            {
                ErrorLimit = new OutputErrorLimit("out", 1e-9),
            }));
        StringAssert.Contains(error.Message, "1E-09");
        StringAssert.Contains(error.Message, "alone quantised");
    }

    [TestMethod]
    public void Limit_on_an_output_that_does_not_exist_is_an_error()
    {
        OnnxModel model = WithOneBadConvolution();
        OnnxException error =
            Assert.ThrowsExactly<OnnxException>(() => OnnxQuantizer.Quantize(model, QuantizationModels.Batches(), MinMax with
            {
                ErrorLimit = new OutputErrorLimit("keypoints", 1),
            }));
        StringAssert.Contains(error.Message, "has out");
    }

    [TestMethod]
    public void Measures_are_those_computed_by_hand()
    {
        Assert.AreEqual(1.5, OutputErrors.MeanAbsolute([1, 2, 3, 4], [1, 0, 6, 3]));
        Assert.AreEqual(3, OutputErrors.MaxAbsolute([1, 2, 3, 4], [1, 0, 6, 3]));
        Assert.ThrowsExactly<ArgumentException>(() => OutputErrors.MaxAbsolute([1], [1, 2]));
    }

    private static OnnxQuantizationOptions MinMax { get; } = new() { Calibration = CalibrationMethod.MinMax };

    // first → Relu → bad → Sub → last. 'bad' adds a thousand to one channel, which Sub takes off again in floats: 8
    // bits over that range are too few for the other channels.
    private static OnnxModel WithOneBadConvolution()
    {
        var random = new Random(18);
        var builder = new OnnxGraphBuilder("bad");
        string image = builder.AddInput("image", OnnxElementType.Float, "N", 16, 8, 8);
        builder.ReserveName("out");
        string first = builder.AddNode("first/relu", "Relu", [QuantizationModels.Conv(builder, random, "first", image, 16, 16)]);
        string weight = builder.AddInitializer<float>("bad.weight", QuantizationModels.Values(random, 16 * 16, 0.5), 16, 16, 1, 1);
        string bias = builder.AddInitializer<float>("bad.bias", [1000, .. new float[15]], 16);
        string bad = builder.AddNode("bad", "Conv", [first, weight, bias]);
        string moved = builder.AddNode(
            "moved", "Sub", [bad, builder.AddInitializer<float>("thousand", [1000, .. new float[15]], 1, 16, 1, 1)]);
        string output = QuantizationModels.Conv(builder, random, "last", moved, 16, 16);
        builder.RenameValue(output, "out");
        builder.AddOutput("out", OnnxElementType.Float, "N", 16, 8, 8);
        return builder.Build();
    }

    private static double Error(OnnxModel model, OnnxModel quantized, CalibrationBatch batch) =>
        OutputErrors.MeanAbsolute(QuantizationModels.Run(model, batch, "out"), QuantizationModels.Run(quantized, batch, "out"));
}
