using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Geometry;
using KeypointMl.Rows;
using KeypointMl.Serving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class KeypointPredictorPoolTests
{
    // Only a test that fails waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly KeypointDetectorOptions Cpu = new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 };

    [TestMethod]
    public async Task Predict_every_kind_of_image_gives_its_keypoints()
    {
        using var folder = new TemporaryFolder();
        using KeypointDetector detector = Detector();
        await using var pool = new KeypointPredictorPool(detector);
        RgbImage picture = TestImages.Numbered(6);
        byte[] png = ImageWriter.EncodePng(picture);
        using MLImage mlImage = MlImagePixels.ToMlImage(picture);
        TestData.AssertIsRow(6, await pool.PredictAsync(folder.Write("6.png", png)));
        TestData.AssertIsRow(6, await pool.PredictAsync(png.AsMemory()));
        TestData.AssertIsRow(6, await pool.PredictAsync(new MemoryStream(png)));
        TestData.AssertIsRow(6, await pool.PredictAsync(mlImage));
        ConfidentKeypointPrediction prediction = await pool.PredictAsync(picture);
        TestData.AssertIsRow(6, prediction);
        CollectionAssert.AreEqual(Enumerable.Repeat(1f / (TestModels.Width * TestModels.Height), 3).ToArray(), prediction.Confidence);
        Assert.AreEqual(TestModels.Skeleton, pool.Skeleton);
    }

    [TestMethod]
    public async Task Predict_box_gives_pixels_of_the_whole_image()
    {
        using KeypointDetector detector = Detector();
        await using var pool = new KeypointPredictorPool(detector);
        RgbImage frame = TestImages.Draw([new(30, 20), new(34, 25), new(41, 31)], 100, 80);
        ConfidentKeypointPrediction prediction = await pool.PredictAsync(frame, new Box(25, 17, TestModels.Width, TestModels.Height));
        float[] expected = [30, 20, 34, 25, 41, 31];
        for (int i = 0; i < 6; i++)
            Assert.AreEqual(expected[i], prediction.Keypoints[i], 1e-4f);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(4, 1)]
    [DataRow(2, 8)]
    public async Task Predict_many_at_once_gives_each_its_own(int concurrency, int maxBatch)
    {
        using KeypointDetector detector = Detector();
        await using var pool = new KeypointPredictorPool(detector, new()
        {
            Concurrency = concurrency,
            MaxBatch = maxBatch,
            QueueLength = 5,
        });
        byte[] damaged = ImageWriter.EncodePng(TestImages.Numbered(3))[..^30];
        Task<ConfidentKeypointPrediction>[] tasks = [.. Enumerable.Range(0, 200).Select(i =>
            (i % 7 == 3 ? pool.PredictAsync(damaged.AsMemory()) : pool.PredictAsync(TestImages.Numbered(i))).AsTask())];
        for (int i = 0; i < tasks.Length; i++)
        {
            if (i % 7 == 3)
                await Assert.ThrowsExactlyAsync<InvalidDataException>(() => tasks[i]);
            else
                TestData.AssertIsRow(i, await tasks[i]);
        }
    }

    [TestMethod]
    public async Task Predict_what_cannot_be_used_says_why_and_the_pool_lives_on()
    {
        using KeypointDetector detector = Detector();
        await using var pool = new KeypointPredictorPool(detector, new() { Concurrency = 1, MaxEncodedBytes = 1000, MaxPixels = 10_000 });
        await Refused<FileNotFoundException>(pool.PredictAsync("no-such-file.png"), "no-such-file.png");
        await Refused<InvalidDataException>(pool.PredictAsync(Array.Empty<byte>().AsMemory()), "is empty");
        await Refused<InvalidDataException>(pool.PredictAsync(new MemoryStream(new byte[5000])), "more than 1,000 bytes");
        await Refused<InvalidDataException>(pool.PredictAsync(OddImages.PngHeader(101, 100).AsMemory()), "limit of 10,000 pixels");
        await Refused<InvalidDataException>(
            pool.PredictAsync(TestImages.Numbered(1), new Box(500, 0, 5, 5)), "lies outside the 20×16 image");
        await Refused<InvalidDataException>(
            pool.PredictAsync(TestImages.Numbered(1), new Box(0, 0, 2e6f, 2e6f)), "has a number above 1,000,000");
        await Refused<InvalidDataException>(
            pool.PredictAsync(TestImages.Numbered(1), new Box(-2e6f, 0, float.MaxValue, 5)), "has a number above 1,000,000");
        await Refused<InvalidDataException>(pool.PredictAsync(TestImages.Numbered(1), new Box(0, 0, float.NaN, 5)), "not finite");
        TestData.AssertIsRow(1, await pool.PredictAsync(TestImages.Numbered(1)));
        Assert.AreEqual(0, detector.BatchesLent);
    }

    [TestMethod]
    public async Task Requests_within_the_window_share_a_batch_and_it_does_not_wait_for_more_than_fit()
    {
        using KeypointDetector detector = Detector();
        var time = new ManualTimers();
        await using var pool = new KeypointPredictorPool(detector, new()
        {
            Concurrency = 1,
            MaxBatch = 3,
            BatchWindow = TimeSpan.FromMilliseconds(5),
        }, time);
        // A full batch goes without any time passing.
        Task<ConfidentKeypointPrediction>[] full = [.. Enumerable.Range(0, 3)
            .Select(i => pool.PredictAsync(TestImages.Numbered(i)).AsTask())];
        for (int i = 0; i < 3; i++)
            TestData.AssertIsRow(i, await full[i].WaitAsync(Patience));
        // A batch of two waits for the window's end.
        Task window = time.NextTimer();
        Task<ConfidentKeypointPrediction>[] two = [.. Enumerable.Range(3, 2)
            .Select(i => pool.PredictAsync(TestImages.Numbered(i)).AsTask())];
        await window.WaitAsync(Patience);
        Assert.IsFalse(two[0].IsCompleted || two[1].IsCompleted);
        // The second may have come too late for this window, and has then one of its own.
        Assert.IsTrue(SpinWait.SpinUntil(() => time.Fire() && two.All(task => task.IsCompleted), Patience));
        for (int i = 0; i < 2; i++)
            TestData.AssertIsRow(3 + i, await two[i].WaitAsync(Patience));
    }

    [TestMethod]
    public async Task Cancelled_request_that_waits_ends_at_once()
    {
        using KeypointDetector detector = Detector();
        var time = new ManualTimers();
        await using var pool = new KeypointPredictorPool(detector, new()
        {
            Concurrency = 1,
            MaxBatch = 2,
            BatchWindow = TimeSpan.FromSeconds(1),
            QueueLength = 4,
        }, time);
        using var stop = new CancellationTokenSource();
        Task window = time.NextTimer();
        Task<ConfidentKeypointPrediction> taken = pool.PredictAsync(TestImages.Numbered(1), cancellation: stop.Token).AsTask();
        await window.WaitAsync(Patience);
        await stop.CancelAsync();
        // The window goes on, but nobody has begun to look at its image.
        await Assert.ThrowsAsync<OperationCanceledException>(() => taken.WaitAsync(Patience));
        time.Fire();
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await pool.PredictAsync(TestImages.Numbered(1), cancellation: stop.Token));
    }

    [TestMethod]
    public async Task Dispose_ends_what_waits_and_what_comes_later()
    {
        using KeypointDetector detector = Detector();
        var pool = new KeypointPredictorPool(detector, new() { Concurrency = 1, QueueLength = 2 });
        Task<ConfidentKeypointPrediction>[] tasks = [.. Enumerable.Range(0, 50)
            .Select(i => pool.PredictAsync(TestImages.Numbered(i)).AsTask())];
        await pool.DisposeAsync();
        pool.Dispose();
        for (int i = 0; i < tasks.Length; i++)
        {
            // Either it was worked on, and then rightly, or it was refused; none hangs.
            try
            {
                TestData.AssertIsRow(i, await tasks[i].WaitAsync(Patience));
            }
            catch (ObjectDisposedException)
            {
            }
        }
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await pool.PredictAsync(TestImages.Numbered(1)));
        Assert.AreEqual(0, detector.BatchesLent);
        using DetectorBatch stillUsable = detector.RentBatch(1);
    }

    [TestMethod]
    public async Task AddKeypointDetector_gives_one_pool_and_disposes_of_it()
    {
        using var folder = new TemporaryFolder();
        string model = folder.Write("detector.onnx", TestModels.Detector());
        KeypointPredictorPool pool, keyed;
        KeypointDetector detector;
        await using (ServiceProvider services = new ServiceCollection()
            .AddKeypointDetector(model, Cpu, new() { Concurrency = 2 })
            .AddKeyedKeypointDetector("other", model, Cpu)
            .BuildServiceProvider())
        {
            pool = services.GetRequiredService<KeypointPredictorPool>();
            detector = services.GetRequiredService<KeypointDetector>();
            keyed = services.GetRequiredKeyedService<KeypointPredictorPool>("other");
            Assert.AreSame(pool, services.GetRequiredService<KeypointPredictorPool>());
            Assert.AreNotSame(pool, keyed);
            Assert.AreEqual(2, pool.Options.Concurrency);
            TestData.AssertIsRow(5, await pool.PredictAsync(TestImages.Numbered(5)));
            TestData.AssertIsRow(5, await keyed.PredictAsync(TestImages.Numbered(5)));
        }
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await pool.PredictAsync(TestImages.Numbered(5)));
        Assert.ThrowsExactly<ObjectDisposedException>(() => detector.RentBatch(1));
    }

    [TestMethod]
    public async Task AddKeypointDetector_takes_a_model_in_memory()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddKeypointDetector(TestModels.Detector(), Cpu)
            .AddKeyedKeypointDetector("other", TestModels.Detector(), Cpu)
            .BuildServiceProvider();

        KeypointPredictorPool pool = services.GetRequiredService<KeypointPredictorPool>();
        KeypointPredictorPool keyed = services.GetRequiredKeyedService<KeypointPredictorPool>("other");
        TestData.AssertIsRow(5, await pool.PredictAsync(TestImages.Numbered(5)));
        TestData.AssertIsRow(5, await keyed.PredictAsync(TestImages.Numbered(5)));
    }

    [TestMethod]
    public void Options_outside_their_ranges_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointPredictorOptions { Concurrency = -1 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointPredictorOptions { MaxBatch = 1025 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointPredictorOptions { MaxBytesInFlight = -1 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointPredictorOptions { MaxPixelsInFlight = -1 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointPredictorOptions { BatchWindow = TimeSpan.FromTicks(-1) });
    }

    private static KeypointDetector Detector() => KeypointDetector.Load(TestModels.Detector(), "detector.onnx", Cpu);

    internal static async Task Refused<T>(ValueTask<ConfidentKeypointPrediction> prediction, string text)
        where T : Exception => StringAssert.Contains((await Assert.ThrowsExactlyAsync<T>(async () => await prediction)).Message, text);
}
