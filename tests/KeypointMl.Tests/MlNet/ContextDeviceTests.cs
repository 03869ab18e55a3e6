using KeypointMl.Detection;
using KeypointMl.Generation;
using KeypointMl.Inference.Devices;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

/// <summary><c>MLContext.GpuDeviceId</c> and <c>FallbackToCpu</c>, on the CPU's ONNX Runtime.</summary>
[TestClass]
public sealed class ContextDeviceTests
{
    [TestMethod]
    public void Context_says_which_GPU_where_the_options_do_not()
    {
        var asked = new List<KeypointDevice>();
        KeypointDevice Load(ContextDevice context, KeypointDevice device)
        {
            return context.Load(device, chosen => chosen);
        }
        asked.Add(Load(default, KeypointDevice.Auto));
        asked.Add(Load(new ContextDevice(null, true), KeypointDevice.Auto));
        asked.Add(Load(new ContextDevice(2, true), KeypointDevice.Auto));
        asked.Add(Load(new ContextDevice(2, false), KeypointDevice.Auto));
        asked.Add(Load(new ContextDevice(2, false), KeypointDevice.Cpu));
        asked.Add(Load(new ContextDevice(2, false), KeypointDevice.Cuda(1)));

        Assert.AreEqual("auto auto auto:2 cuda:2 cpu cuda:1", string.Join(' ', asked));
    }

    [TestMethod]
    public void Context_with_a_GPU_and_fallback_runs_on_the_CPU_and_says_why()
    {
        var ml = new MLContext(seed: 1) { GpuDeviceId = 3, FallbackToCpu = true };
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 1);

        using KeypointDetectingTransformer model =
            ml.Transforms.DetectKeypoints("Keypoints", "Path", TestModels.Detector(), TestData.Options with { Device = default }).Fit(data);

        Assert.AreEqual(KeypointDevice.Cpu, model.Device);
        Assert.StartsWith("device auto:3: running on the CPU, because ", model.DeviceNote!);
        Assert.AreEqual(KeypointDevice.Auto, model.Options.Device, "what was asked for is what is saved");
    }

    [TestMethod]
    public void Context_with_a_GPU_and_no_fallback_refuses_to_run_elsewhere()
    {
        var ml = new MLContext(seed: 1) { GpuDeviceId = 0 };
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 1);
        var pipeline = ml.Transforms.DetectKeypoints("Keypoints", "Path", TestModels.Detector(), TestData.Options with { Device = default });

        string message = Assert.ThrowsExactly<NotSupportedException>(() => pipeline.Fit(data)).Message;

        Assert.StartsWith("MLContext.GpuDeviceId is 0 and FallbackToCpu is false. The device cuda:0 was asked for, but ", message);
    }

    [TestMethod]
    public void Saved_transform_asks_the_context_that_loads_it()
    {
        var ml = new MLContext(seed: 1);
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 1);
        using (KeypointDetectingTransformer model =
            ml.Transforms.DetectKeypoints("Keypoints", "Path", TestModels.Detector(), TestData.Options with { Device = default }).Fit(data))
            ml.Model.Save(model, data.Schema, folder["model.zip"]);

        var onGpu = new MLContext { GpuDeviceId = 1, FallbackToCpu = true };
        using var loaded = (KeypointDetectingTransformer)onGpu.UseKeypointMl().Model.Load(folder["model.zip"], out _);

        Assert.StartsWith("device auto:1: ", loaded.DeviceNote!);
    }

    [TestMethod]
    public void Generator_follows_the_context_too()
    {
        var ml = new MLContext(seed: 1) { GpuDeviceId = 1, FallbackToCpu = true };
        using var folder = new TemporaryFolder();
        IDataView data = ml.Transforms.DetectKeypoints("Keypoints", "Path", TestModels.Detector(), TestData.Options)
            .Fit(TestData.Paths(ml, folder, 1)).Transform(TestData.Paths(ml, folder, 1));

        using ImageGeneratingTransformer model =
            ml.Transforms.GenerateImage("Image", "Keypoints", "Path", TestModels.Generator()).Fit(data);

        Assert.StartsWith("device auto:1: ", model.DeviceNote!);
    }

    [TestMethod]
    public void Negative_GPU_is_refused() => Assert.Contains(
        "GpuDeviceId is -1", Assert.ThrowsExactly<ArgumentException>(() => new ContextDevice(-1, true).Load(default, device => device)).Message);
}
