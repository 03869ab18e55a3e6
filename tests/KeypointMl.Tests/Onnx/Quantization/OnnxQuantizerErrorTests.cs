using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

[TestClass]
public sealed class OnnxQuantizerErrorTests
{
    [TestMethod]
    public void No_calibration_data_is_refused() =>
    Refused("at least one batch", () => OnnxQuantizer.Quantize(QuantizationModels.EveryOperator(), []));

    [TestMethod]
    public void Activation_that_is_not_finite_is_refused_by_name()
    {
        OnnxModel model = OnnxQuantizerTests.OneConvolution(16, 16, out CalibrationBatch good);
        float[] data = new float[16 * 64];
        data[5] = float.NaN;
        string message = Refused(
            "infinite or undefined", () => OnnxQuantizer.Quantize(model, [good, CalibrationBatch.Create("image", data, 1, 16, 8, 8)]));
        StringAssert.Contains(message, "batch 1");
        StringAssert.Contains(message, "'image'");
    }

    [TestMethod]
    public void Quantised_model_is_refused()
    {
        OnnxModel model = OnnxQuantizerTests.OneConvolution(16, 16, out CalibrationBatch batch);
        OnnxModel quantized = OnnxQuantizer.Quantize(model, [batch]).Model;
        StringAssert.Contains(Refused("quantised already", () => OnnxQuantizer.Quantize(quantized, [batch])), "image/QuantizeLinear");
    }

    [TestMethod]
    public void Opset_without_scales_per_channel_is_refused()
    {
        OnnxModel model = OnnxQuantizerTests.OneConvolution(16, 16, out CalibrationBatch batch);
        model.Proto.OpsetImport[0].Version = 12;
        StringAssert.Contains(Refused("at least 13", () => OnnxQuantizer.Quantize(model, [batch])), "12");
    }

    [TestMethod]
    public void Model_without_convolutions_or_products_is_refused()
    {
        var builder = new OnnxGraphBuilder("relu");
        builder.AddOutput(builder.AddNode("relu", "Relu", [builder.AddInput("image", OnnxElementType.Float, 2)]), OnnxElementType.Float, 2);
        OnnxModel model = builder.Build();
        Refused("nothing to quantise", () => OnnxQuantizer.Quantize(model, [CalibrationBatch.Create("image", new float[2], 2)]));
    }

    [TestMethod]
    public void Exclusion_that_names_nothing_is_refused()
    {
        OnnxModel model = OnnxQuantizerTests.OneConvolution(16, 16, out CalibrationBatch batch);
        Refused("'cnov'", () => OnnxQuantizer.Quantize(model, [batch], new OnnxQuantizationOptions { ExcludedNodes = ["cnov"] }));
        Refused("'Gemm'", () => OnnxQuantizer.Quantize(model, [batch], new OnnxQuantizationOptions { ExcludedOperators = ["Gemm"] }));
        Refused("nothing to quantise", () => OnnxQuantizer.Quantize(model, [batch], new OnnxQuantizationOptions
        {
            ExcludedNodes = ["conv"],
        }));
    }

    [TestMethod]
    public void Batch_that_does_not_fit_the_model_is_refused()
    {
        OnnxModel model = OnnxQuantizerTests.OneConvolution(16, 16, out CalibrationBatch _);
        Refused("image (Float)", () =>
            OnnxQuantizer.Quantize(model, [CalibrationBatch.Create("picture", new float[16 * 64], 1, 16, 8, 8)]));
        Refused("image (Float)", () => OnnxQuantizer.Quantize(model, [CalibrationBatch.Create("image", new byte[16 * 64], 1, 16, 8, 8)]));
        Refused("ONNX Runtime cannot run", () =>
            OnnxQuantizer.Quantize(model, [CalibrationBatch.Create("image", new float[15 * 64], 1, 15, 8, 8)]));
        Assert.ThrowsExactly<ArgumentException>(() => CalibrationBatch.Create("image", new float[3], 2, 2));
        Assert.ThrowsExactly<ArgumentException>(
            () => CalibrationBatch.Create("image", new float[4], 2, 2).Add("image", new float[4], 2, 2));
    }

    [TestMethod]
    [DataRow(50)]
    [DataRow(100.1)]
    [DataRow(double.NaN)]
    public void Percentile_outside_its_range_is_refused(double percentile)
    {
        OnnxModel model = OnnxQuantizerTests.OneConvolution(16, 16, out CalibrationBatch batch);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => OnnxQuantizer.Quantize(model, [batch], new OnnxQuantizationOptions
        {
            Percentile = percentile,
        }));
    }

    [TestMethod]
    public void Cancelled_calibration_stops()
    {
        OnnxModel model = OnnxQuantizerTests.OneConvolution(16, 16, out CalibrationBatch batch);
        Assert.ThrowsExactly<OperationCanceledException>(
            () => OnnxQuantizer.Quantize(model, [batch], cancellation: new CancellationToken(canceled: true)));
    }

    private static string Refused(string expected, Action action)
    {
        string message = Assert.ThrowsExactly<OnnxException>(action).Message;
        StringAssert.Contains(message, expected);
        return message;
    }
}
