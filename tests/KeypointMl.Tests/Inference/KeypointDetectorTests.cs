using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Geometry;
using static KeypointMl.Tests.Inference.DotDetectors;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class KeypointDetectorTests
{
    // Centroids of integer bytes: exact up to float rounding.
    private const float Tolerance = 1e-4f;

    [TestMethod]
    public void Detect_dots_gives_their_pixels_and_brightness()
    {
        using KeypointDetector detector = Load(Cpu);
        float[] keypoints = new float[6];
        float[] confidence = new float[3];
        detector.Detect(TestImages.Draw([new(1, 2), new(19, 0), new(0, 15)]).Pixels, keypoints, confidence);
        AssertClose([1, 2, 19, 0, 0, 15], keypoints);
        AssertClose([1f / 320, 1f / 320, 1f / 320], confidence);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(32)]
    public void Detect_any_batch_size_gives_the_same_bits(int batchSize)
    {
        const int Count = 11;
        byte[] images = [.. Enumerable.Range(0, Count).SelectMany(i => TestImages.Numbered(i).Pixels)];
        float[] keypoints = new float[Count * 6];
        float[] confidence = new float[Count * 3];
        using KeypointDetector detector = Load(Cpu with { BatchSize = batchSize });
        detector.Detect(images, keypoints, confidence);
        detector.Detect(images, keypoints, []); // again, on used memory, without confidences
        AssertClose(TestImages.Flatten(Enumerable.Range(0, Count).SelectMany(i => TestImages.Dots(i))), keypoints);

        float[] one = new float[6];
        using KeypointDetector oneByOne = Load(Cpu with { BatchSize = 1 });
        for (int i = 0; i < Count; i++)
        {
            oneByOne.Detect(TestImages.Numbered(i).Pixels, one, []);
            CollectionAssert.AreEqual(one, keypoints[(i * 6)..(i * 6 + 6)]);
        }
    }

    [TestMethod]
    public void Detect_box_gives_pixels_of_the_frame()
    {
        using KeypointDetector detector = Load(Cpu);
        RgbImage frame = TestImages.Draw([new(30, 20), new(34, 25), new(41, 31)], 100, 80);
        // The box has the graph's size, so the crop copies pixels.
        DetectedPose pose = detector.Detect(frame, new Box(25, 17, TestModels.Width, TestModels.Height));
        AssertClose([30, 20, 34, 25, 41, 31], TestImages.Flatten(pose.Keypoints));
    }

    [TestMethod]
    public void Detect_whole_image_of_another_size_maps_back()
    {
        using KeypointDetector detector = Load(Cpu);
        var frame = new RgbImage(TestModels.Width * 4, TestModels.Height * 4);
        for (int y = 20; y < 28; y++)
        {
            for (int x = 32; x < 44; x++)
                frame.Pixels[(y * frame.Width + x) * 3] = 200;
        }
        Vector2 red = detector.Detect(frame).Keypoints[0];
        // The block's centre; rounding to bytes on the way moves the centroid of a blurred block by less than 0.1 px.
        Assert.AreEqual(37.5f, red.X, 0.1f);
        Assert.AreEqual(23.5f, red.Y, 0.1f);
    }

    [TestMethod]
    public void Detect_wrong_lengths_say_what_fits()
    {
        using KeypointDetector detector = Load(Cpu);
        byte[] two = new byte[2 * detector.Contract.ImageBytes];
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => detector.Detect(two.AsSpan(1), new float[12], [])).Message,
            "20×16 RGB images (960 bytes each)");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => detector.Detect(two, new float[6], [])).Message,
            "2×3×2 = 12 coordinates; the span holds 6");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => detector.Detect(two, new float[12], new float[7])).Message,
            "2×3 = 6 confidences; the span holds 7");
    }

    [TestMethod]
    public void Detect_nothing_gives_nothing()
    {
        using KeypointDetector detector = Load(Cpu);
        detector.Detect([], [], []);
    }

    [TestMethod]
    public void Detect_from_many_threads_keeps_results_apart()
    {
        using KeypointDetector detector = Load(Cpu with { BatchSize = 3 });
        Parallel.For(0, 200, i =>
        {
            float[] keypoints = new float[24];
            detector.Detect([.. Enumerable.Range(i, 4).SelectMany(n => TestImages.Numbered(n).Pixels)], keypoints, []);
            AssertClose(TestImages.Flatten(Enumerable.Range(i, 4).SelectMany(n => TestImages.Dots(n))), keypoints);
        });
    }

    [TestMethod]
    public void Dispose_while_others_detect_ends_them_cleanly()
    {
        KeypointDetector detector = Load(Cpu);
        byte[] image = TestImages.Numbered(1).Pixels;
        using var started = new CountdownEvent(2);
        Task[] users = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            float[] keypoints = new float[6];
            detector.Detect(image, keypoints, []);
            started.Signal();
            while (true)
                detector.Detect(image, keypoints, []);
        }))];
        started.Wait();
        detector.Dispose();
        foreach (Task user in users)
            Assert.IsInstanceOfType<ObjectDisposedException>(Assert.ThrowsExactly<AggregateException>(user.Wait).InnerException);
    }

    [TestMethod]
    public void Detect_allocates_little_in_steady_state()
    {
        using KeypointDetector detector = Load(Cpu with { BatchSize = 8 });
        byte[] images = new byte[8 * detector.Contract.ImageBytes];
        float[] keypoints = new float[48];
        detector.Detect(images, keypoints, []);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            detector.Detect(images, keypoints, []);
        // ONNX Runtime's binding makes handles for names and values on each call; nothing of ours grows with the images.
        Assert.IsLessThan(1024L, (GC.GetAllocatedBytesForCurrentThread() - before) / (20 * 8));
    }

    [TestMethod]
    public void Load_auto_says_why_it_runs_on_the_cpu()
    {
        using KeypointDetector detector = Load(default);
        if (detector.Device.Kind == KeypointDeviceKind.Cuda)
            Assert.IsNull(detector.DeviceNote);
        else
            StringAssert.Contains(detector.DeviceNote, "running on the CPU, because");
        using KeypointDetector cpu = Load(Cpu);
        Assert.AreEqual(KeypointDevice.Cpu, cpu.Device);
        Assert.IsNull(cpu.DeviceNote);
    }

    [TestMethod]
    public void Load_cuda_without_it_says_how_to_get_it()
    {
        if (Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            Assert.Inconclusive("This process has the CUDA package of ONNX Runtime.");
        var error = Assert.ThrowsExactly<NotSupportedException>(() => Load(new() { Device = KeypointDevice.Cuda(1) }));
        StringAssert.Contains(error.Message, "The device cuda:1 was asked for");
        StringAssert.Contains(error.Message, "-p:KeypointDevice=cuda");
    }

    [TestMethod]
    public void Load_tensorrt_without_it_says_how_to_get_it()
    {
        if (Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("TensorrtExecutionProvider"))
            Assert.Inconclusive("This process has ONNX Runtime with TensorRT.");
        var error = Assert.ThrowsExactly<NotSupportedException>(() => Load(new() { Device = KeypointDevice.TensorRt(1) }));
        StringAssert.Contains(
            error.Message, "The device tensorrt:1 was asked for, but the ONNX Runtime of this process has no TensorRT provider");
        StringAssert.Contains(error.Message, "a CUDA driver and TensorRT");
    }

    [TestMethod]
    public void Load_cuda_graph_on_another_device_is_refused_and_left_out_where_auto_falls_back()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Load(Cpu with
        {
            CudaGraph = true,
        })).Message, "they exist on CUDA devices only");
        if (Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            Assert.Inconclusive("This process has the CUDA package of ONNX Runtime.");
        using KeypointDetector detector = Load(new() { CudaGraph = true });
        Assert.AreEqual(KeypointDevice.Cpu, detector.Device);
        float[] keypoints = new float[6];
        detector.Detect(TestImages.Numbered(3).Pixels, keypoints, []);
        AssertClose(TestImages.Flatten(TestImages.Dots(3)), keypoints);
    }

    [TestMethod]
    public void Options_default_equals_the_defaults_spelled_out()
    {
        Assert.AreEqual(default, new KeypointDetectorOptions { BatchSize = 8, Device = KeypointDevice.Auto, IntraOpThreads = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointDetectorOptions { BatchSize = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointDetectorOptions { IntraOpThreads = -1 });
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Tolerance, $"element {i}");
    }
}
