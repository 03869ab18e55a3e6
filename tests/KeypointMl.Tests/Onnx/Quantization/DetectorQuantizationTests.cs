using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Tests.Onnx.Quantization;

/// <summary>The shipped puppets detector, calibrated on generated training frames and compared on the committed ones.</summary>
[TestClass]
public sealed class DetectorQuantizationTests
{
    private const int Size = 64;

    [TestMethod]
    [DataRow(QuantizedActivation.UInt8)]
    [DataRow(QuantizedActivation.Int8)]
    public void Quantised_detector_keeps_its_contract_and_moves_golden_keypoints_by_less_than_a_pixel(QuantizedActivation activation)
    {
        OnnxModel model = OnnxModel.Load(DetectorPath);
        OnnxModel quantized = OnnxQuantizer.Quantize(model, Calibration(), new OnnxQuantizationOptions { Activation = activation }).Model;

        using KeypointDetector original = KeypointDetector.Load(DetectorPath);
        using KeypointDetector detector = KeypointDetector.Load(quantized.ToArray(), "int8.onnx");
        byte[] images = [.. Directory.EnumerateFiles(GoldenFolder, "*.png").Order(StringComparer.Ordinal)
            .SelectMany(path => ImageDecoder.Decode(path).Pixels)];
        float[] expected = Keypoints(original, images);
        float[] found = Keypoints(detector, images);
        // A heatmap here is 8×8 cells of 8 pixels, and the detector's own error is 1.4 pixels.
        Assert.IsTrue(OutputErrors.MeanAbsolute(expected, found) < 0.2, $"mean {OutputErrors.MeanAbsolute(expected, found)} px");
        Assert.IsTrue(OutputErrors.MaxAbsolute(expected, found) < 1, $"largest {OutputErrors.MaxAbsolute(expected, found)} px");
        Assert.IsTrue(OutputErrors.MaxAbsolute(expected, found) > 0.01, "it is not the original");
    }

    [TestMethod]
    public void Every_quantised_convolution_of_the_detector_runs_on_an_integer_kernel()
    {
        OnnxQuantizationResult result = OnnxQuantizer.Quantize(OnnxModel.Load(DetectorPath), Calibration());
        int quantized = result.Report.Nodes.Count(node => node.OpType == "Conv" && node.IsQuantized);
        Assert.AreEqual(24, quantized, "all 29 but the five narrow ones");
        List<OnnxNode> optimized = QuantizationModels.Optimized(result.Model);
        Assert.AreEqual(quantized, optimized.Count(node => node.OpType == "QLinearConv"));
        Assert.AreEqual(3, optimized.Count(node => node.OpType == "QLinearConcat"));
        foreach (QuantizedNode node in result.Report.Nodes.Where(node => node.Name.Contains("softArgmax", StringComparison.Ordinal)))
            Assert.IsFalse(node.IsQuantized, $"{node.Name}: keypoint arithmetic stays in floats");
    }

    [TestMethod]
    public void Detector_within_an_error_limit_is_found()
    {
        OnnxModel model = OnnxModel.Load(DetectorPath);
        CalibrationBatch[] batches = [.. Calibration()];
        double Unlimited() => OnnxQuantizer.Quantize(model, batches, new OnnxQuantizationOptions
        {
            ErrorLimit = new OutputErrorLimit("keypoints", 100),
        }).Report.OutputError!.Value;
        double limit = Unlimited() * 0.8;

        OnnxQuantizationReport report = OnnxQuantizer.Quantize(model, batches, new OnnxQuantizationOptions
        {
            ErrorLimit = new OutputErrorLimit("keypoints", limit),
        }).Report;

        Assert.IsTrue(report.OutputError <= limit, $"{report.OutputError} px of {limit}");
        int quantized = report.Nodes.Count(node => node.OpType == "Conv" && node.IsQuantized);
        Assert.IsTrue(quantized is > 0 and < 24, $"{quantized} convolutions");
    }

    private static string DetectorPath => Path.Combine(RepositoryFiles.Root, "onnx", "puppets", "detector.onnx");

    private static string GoldenFolder => Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "Models", "Golden");

    private static IEnumerable<CalibrationBatch> Calibration()
    {
        using IFrameSet frames = new PuppetDataset(new PuppetOptions { Width = Size, Height = Size }).OpenTrainingFrames();
        for (int batch = 0; batch < 4; batch++)
        {
            var images = new byte[8 * Size * Size * 3];
            for (int index = 0; index < 8; index++)
            {
                frames.Read((int)((((long)batch * 8) + index) * frames.Count / 32),
                    images.AsSpan(index * Size * Size * 3, Size * Size * 3));
            }
            yield return CalibrationBatch.Create("image", images, 8, Size, Size, 3);
        }
    }

    private static float[] Keypoints(KeypointDetector detector, byte[] images)
    {
        var keypoints = new float[images.Length / (Size * Size * 3) * detector.KeypointCount * 2];
        detector.Detect(images, keypoints, []);
        return keypoints;
    }
}
