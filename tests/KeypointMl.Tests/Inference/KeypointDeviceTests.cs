using KeypointMl.Inference.Devices;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class KeypointDeviceTests
{
    [TestMethod]
    [DataRow("auto")]
    [DataRow("auto:2")]
    [DataRow("cpu")]
    [DataRow("cuda:0")]
    [DataRow("cuda:3")]
    [DataRow("tensorrt:0")]
    [DataRow("tensorrt:2")]
    public void Parse_text_round_trips(string text) => Assert.AreEqual(text, KeypointDevice.Parse(text.ToUpperInvariant()).ToString());

    [TestMethod]
    public void Parse_without_a_number_is_the_first()
    {
        Assert.AreEqual(KeypointDevice.Cuda(), KeypointDevice.Parse("cuda"));
        Assert.AreEqual(KeypointDevice.TensorRt(), KeypointDevice.Parse("TensorRT"));
    }

    [TestMethod]
    [DataRow("gpu")]
    [DataRow("")]
    [DataRow("cuda:")]
    [DataRow("cuda:-1")]
    [DataRow("auto:-1")]
    [DataRow("cuda:x")]
    [DataRow("tensorrt:1:2")]
    [DataRow("cpu:0")]
    public void Parse_other_text_lists_what_is_expected(string text) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => KeypointDevice.Parse(text)).Message,
            $"'{text}' is not a device; expected 'auto'");

    [TestMethod]
    public void Missing_provider_is_named_with_those_that_are_there()
    {
        string[] cpu = ["CPUExecutionProvider"], cuda = ["CUDAExecutionProvider", .. cpu], all = ["TensorrtExecutionProvider", .. cuda];
        Assert.AreEqual("the ONNX Runtime of this process has no CUDA provider (it has CPUExecutionProvider)",
            DeviceSelector.MissingProvider(KeypointDeviceKind.Cuda, cpu));
        StringAssert.Contains(DeviceSelector.MissingProvider(KeypointDeviceKind.TensorRt, cuda),
            "no TensorRT provider (it has CUDAExecutionProvider, CPUExecutionProvider)");
        Assert.IsNull(DeviceSelector.MissingProvider(KeypointDeviceKind.Cuda, cuda));
        Assert.IsNull(DeviceSelector.MissingProvider(KeypointDeviceKind.TensorRt, all));
    }

    [TestMethod]
    public void Default_is_auto() => Assert.AreEqual(KeypointDevice.Auto, default);

    [TestMethod]
    public void Graph_that_the_gpu_cannot_hold_is_not_called_damaged()
    {
        const string Reason = "Failed to allocate memory for requested buffer of size 8388608.";
        string gpu = DeviceSelector.Refusal("detector.onnx", KeypointDevice.Cuda(1), Reason);
        string auto = DeviceSelector.OnTheCpu(KeypointDevice.Auto, DeviceSelector.CannotLoad("detector.onnx", KeypointDevice.Cuda(), Reason));

        Assert.StartsWith($"ONNX Runtime cannot load 'detector.onnx' on device cuda:1: {Reason} The file is not at fault", gpu);
        Assert.EndsWith("memory is used up, end what else uses it; or ask for KeypointDevice.Auto or KeypointDevice.Cpu.", gpu);
        Assert.AreEqual("device auto: running on the CPU, because ONNX Runtime cannot load 'detector.onnx' on device cuda:0: " + Reason, auto);
    }
}
