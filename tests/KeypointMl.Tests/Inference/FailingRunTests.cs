using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Generation;
using KeypointMl.Onnx.Model;
using KeypointMl.Rows;
using Microsoft.ML.OnnxRuntime;
using static KeypointMl.Tests.Inference.DotDetectors;

namespace KeypointMl.Tests.Inference;

/// <summary>Graphs that load, and that ONNX Runtime cannot run: as if the device's memory were short.</summary>
[TestClass]
public sealed class FailingRunTests
{
    private static readonly OnnxDimension N = "N";
    private static readonly OnnxValueInfo Image = new("image", OnnxElementType.UInt8, [N, TestModels.Height, TestModels.Width, 3]);
    private static readonly OnnxValueInfo Keypoints = new("keypoints", OnnxElementType.Float, [N, 3, 2]);

    [TestMethod]
    public void Detector_names_the_model_and_the_device_and_says_what_to_do()
    {
        byte[] model = TestModels.Signature(
            TestModels.Metadata(ModelKind.Detector), [Image], [Keypoints, new("confidence", OnnxElementType.Float, [N, 3])]);
        using KeypointDetector detector = KeypointDetector.Load(model, "bad.onnx", Cpu);
        using DetectorBatch batch = detector.RentBatch(1);
        batch.Image(0).Span.Fill(1);

        AssertFailure(() => batch.Run(1));
        AssertFailure(() => detector.Detect(batch.Image(0).Span, new float[6], []));
        Assert.AreEqual(1, detector.BatchesLent, "what ran is given back");
    }

    [TestMethod]
    public void Generator_names_the_model_and_the_device_and_says_what_to_do()
    {
        byte[] model = TestModels.Signature(
            TestModels.Metadata(ModelKind.Generator), [Keypoints, Image with { Name = "appearance" }], [Image]);
        using ImageGenerator generator = ImageGenerator.Load(model, "bad.onnx", new() { Device = Cpu.Device, IntraOpThreads = 1 });
        byte[] image = new byte[generator.Contract.ImageBytes];

        AssertFailure(() => generator.Generate([1, 1, 1, 1, 1, 1], image, image));
    }

    [TestMethod]
    [DataRow(1f, 1.005f, null)]
    [DataRow(1f, 1.5f, 0.5f)]
    [DataRow(float.NaN, float.NaN, null)]
    [DataRow(1f, float.NaN, float.NaN)]
    [DataRow(float.NaN, 1f, float.NaN)]
    public void Recording_that_gives_no_number_differs_from_the_number(float expected, float actual, float? difference) =>
        Assert.AreEqual(difference, CudaGraphCheck.Difference([0, expected, 0], [0, actual, 0]));

    private static void AssertFailure(Action run)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(run);

        Assert.StartsWith("'bad.onnx' cannot be run on device cpu: ", error.Message);
        Assert.EndsWith("take a smaller batch, or another device.", error.Message);
        Assert.IsInstanceOfType<OnnxRuntimeException>(error.InnerException);
        Assert.IsFalse(RowImageInput.IsAboutTheRow(error), "ML.NET's rows would be marked");
    }
}
