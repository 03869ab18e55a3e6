using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

/// <summary>
/// What ONNX Runtime makes of the quantised graphs: a node in QDQ form that is not fused would be slower than the
/// original.
/// </summary>
[TestClass]
public sealed class OnnxQuantizerFusionTests
{
    [TestMethod]
    public void Every_quantised_operator_runs_on_an_integer_kernel()
    {
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(QuantizationModels.EveryOperator(), QuantizationModels.Batches());

        Assert.IsTrue(result.Report.Nodes.All(node => node.IsQuantized), result.Report.ToString());
        Dictionary<string, int> found = QuantizationModels.Optimized(result.Model).CountBy(node => node.OpType).ToDictionary();
        foreach ((string kernel, int count) in new[] { ("QLinearConv", 3), ("QLinearAdd", 1), ("QLinearAveragePool", 1),
            ("QLinearLeakyRelu", 1), ("QLinearConcat", 1), ("QLinearGlobalAveragePool", 1), ("QGemm", 1), ("NhwcMaxPool", 1),
                ("Resize", 1) })
            Assert.AreEqual(count, found.GetValueOrDefault(kernel), kernel);
        // In at the image, out at the scores, and integers all the way between.
        Assert.AreEqual(1, found["QuantizeLinear"]);
        Assert.AreEqual(1, found["DequantizeLinear"]);
        foreach (string floating in (string[])["Conv", "Relu", "MaxPool", "Add", "AveragePool", "LeakyRelu", "Concat",
            "GlobalAveragePool", "Gemm"])
            Assert.IsFalse(found.ContainsKey(floating), floating);
    }

    [TestMethod]
    public void Signed_activations_of_a_chain_run_on_integer_kernels()
    {
        // ONNX Runtime for x64 turns them into unsigned ones where each is read once; on other processors it runs them as they are.
        var random = new Random(15);
        var builder = new OnnxGraphBuilder("chain");
        string image = builder.AddInput("image", OnnxElementType.Float, "N", 16, 8, 8);
        string first = builder.AddNode("first/relu", "Relu", [QuantizationModels.Conv(builder, random, "first", image, 16, 16)]);
        builder.AddOutput(QuantizationModels.Conv(builder, random, "second", first, 16, 16), OnnxElementType.Float, "N", 16, 8, 8);

        OnnxModel quantized = OnnxQuantizer.Quantize(builder.Build(), QuantizationModels.Batches(), new OnnxQuantizationOptions
        {
            Activation = QuantizedActivation.Int8,
        }).Model;

        Assert.AreEqual(2, QuantizationModels.Optimized(quantized).Count(node => node.OpType == "QLinearConv"));
    }

    [TestMethod]
    public void Matrix_product_and_bias_run_on_integer_kernels()
    {
        var random = new Random(13);
        var builder = new OnnxGraphBuilder("product");
        string image = builder.AddInput("image", OnnxElementType.Float, "N", 6);
        string weight = builder.AddInitializer<float>("weight", QuantizationModels.Values(random, 6 * 4, 1), 6, 4);
        string product = builder.AddNode("product", "MatMul", [image, weight]);
        string second = builder.AddInitializer<float>("second.weight", QuantizationModels.Values(random, 4 * 3, 1), 4, 3);
        builder.AddOutput(builder.AddNode("second", "MatMul", [product, second]), OnnxElementType.Float, "N", 3);
        var batch = CalibrationBatch.Create("image", QuantizationModels.Values(random, 60, 1), 10, 6);

        OnnxModel quantized = OnnxQuantizer.Quantize(builder.Build(), [batch]).Model;

        Assert.AreEqual(2, QuantizationModels.Optimized(quantized).Count(node => node.OpType == "QLinearMatMul"));
    }

    [TestMethod]
    public void Transposed_convolution_stays_in_floats_because_it_has_no_integer_kernel()
    {
        var random = new Random(14);
        var builder = new OnnxGraphBuilder("transposed");
        string image = builder.AddInput("image", OnnxElementType.Float, "N", 16, 8, 8);
        string conv = QuantizationModels.Conv(builder, random, "conv", image, 16, 16);
        string weight = builder.AddInitializer<float>("up.weight", QuantizationModels.Values(random, 16 * 16 * 4, 0.2), 16, 16, 2, 2);
        builder.AddOutput(builder.AddNode("up", "ConvTranspose", [conv, weight], OnnxAttribute.Ints("strides", 2, 2)),
            OnnxElementType.Float, "N", 16, 16, 16);

        OnnxQuantizationResult result = OnnxQuantizer.Quantize(builder.Build(), QuantizationModels.Batches());

        StringAssert.Contains(result.Report.Nodes.Single(node => node.Name == "up").Reason, "no integer kernel");
        Assert.AreEqual(1, QuantizationModels.Optimized(result.Model).Count(node => node.OpType == "ConvTranspose"));
    }
}
