using KeypointMl.Detection;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class ReadAheadTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow("Path", 1, 1)]
    [DataRow("Path", 4, 3)]
    [DataRow("Image", 1, 1)]
    [DataRow("Image", 4, 3)]
    public void Dispose_early_lets_go_of_the_input_and_of_all_memory(string column, int batchSize, int parallelRuns)
    {
        using var folder = new TemporaryFolder();
        using KeypointDetector detector = KeypointDetector.Load(TestModels.Detector(), "detector.onnx", TestData.Options.Detector);
        IDataView data = column == "Path" ? TestData.Paths(ml, folder, 200) : TestData.Images(ml, 200);
        var view = new WatchedView(data);
        KeypointDetectionOptions options = TestData.Options with { BatchSize = batchSize, ParallelRuns = parallelRuns };
        using KeypointDetectingTransformer transformer = ml.Transforms.DetectKeypoints("Keypoints", column, detector, options).Fit(view);
        for (int rows = 0; rows < 20; rows++)
        {
            using IEnumerator<NumberedPrediction> walk =
                ml.Data.CreateEnumerable<NumberedPrediction>(transformer.Transform(view), reuseRowObject: true).GetEnumerator();
            for (int i = 0; i < rows; i++)
                Assert.IsTrue(walk.MoveNext());
        }
        Assert.AreEqual(0, view.OpenCursors);
        Assert.AreEqual(0, detector.BatchesLent);
        // At no time more than the caller's batch and those in work; of small batches, eight rows for each run.
        int batches = Math.Max(parallelRuns + 2, (8 * parallelRuns + batchSize - 1) / batchSize);
        Assert.IsLessThanOrEqualTo((19 / batchSize + 1 + batches) * batchSize, view.MostRowsRead);
    }

    [TestMethod]
    public void Dispose_after_a_failure_lets_go_too()
    {
        using KeypointDetector detector = KeypointDetector.Load(TestModels.Detector(), "detector.onnx", TestData.Options.Detector);
        var view = new WatchedView(ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new PathRow
        {
            Path = $"no-such-{i}.png",
        })));
        using KeypointDetectingTransformer transformer =
            ml.Transforms.DetectKeypoints("Keypoints", "Path", detector, TestData.Options).Fit(view);
        Assert.ThrowsExactly<InvalidDataException>(() => transformer.Transform(view).GetColumn<float[]>("Keypoints").ToArray());
        Assert.AreEqual(0, view.OpenCursors);
        Assert.AreEqual(0, detector.BatchesLent);
    }

    [TestMethod]
    public void Input_is_read_on_the_callers_thread_only()
    {
        using var folder = new TemporaryFolder();
        PathRow[] rows = [.. ml.Data.CreateEnumerable<PathRow>(TestData.Paths(ml, folder, 40), reuseRowObject: false)];
        var threads = new HashSet<int>();
        IDataView data = ml.Data.LoadFromEnumerable(rows.Select(row =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            return row;
        }));
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path", TestData.Options with { ParallelRuns = 2 });
        var caller = new Thread(() => Assert.HasCount(40, transformer.Transform(data).GetColumn<float[]>("Keypoints").ToArray()));
        threads.Clear();
        caller.Start();
        caller.Join();
        CollectionAssert.AreEqual(new[] { caller.ManagedThreadId }, threads.ToArray());
    }

    [TestMethod]
    public void Loaded_detector_is_shared_and_stays_its_owners()
    {
        IDataView data = TestData.Images(ml, 3);
        using KeypointDetector detector = KeypointDetector.Load(TestModels.Detector(), "detector.onnx", TestData.Options.Detector);
        KeypointDetectingTransformer transformer = ml.Transforms.DetectKeypoints("Keypoints", "Image", detector).Fit(data);
        Assert.AreEqual(KeypointDevice.Cpu, transformer.Options.Device);
        Assert.AreEqual(1, transformer.Options.IntraOpThreads);
        transformer.Dispose();
        foreach (NumberedPrediction row in ml.Data.CreateEnumerable<NumberedPrediction>(transformer.Transform(data), reuseRowObject: true))
            TestData.AssertIsRow(row.Number, row);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.DetectKeypoints("Keypoints", "Image", detector, new()
            {
                IntraOpThreads = 3,
            })).Message,
            "was loaded for device cpu, 1 threads");
    }

    [TestMethod]
    public void Interleaved_confidence_stands_beside_its_keypoint()
    {
        IDataView data = TestData.Images(ml, 5);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, options: TestData.Options with
        {
            InterleaveConfidence = true,
        });
        IDataView output = transformer.Transform(data);
        VBuffer<ReadOnlyMemory<char>> names = default;
        output.Schema["Keypoints"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(
            new[] { "red.x", "red.y", "red.confidence", "green.x", "green.y", "green.confidence", "blue.x", "blue.y", "blue.confidence" },
            names.DenseValues().Select(name => name.ToString()).ToArray());
        float[][] confidence = [.. output.GetColumn<float[]>("Confidence")];
        int i = 0;
        foreach (InterleavedKeypointPrediction row in ml.Data.CreateEnumerable<InterleavedKeypointPrediction>(
            output, reuseRowObject: false))
        {
            TestData.AssertIsRow(i, new KeypointPrediction { Keypoints = TestImages.Flatten(row.ToPoints()) });
            CollectionAssert.AreEqual(confidence[i++], row.ToConfidence());
        }
        Assert.AreEqual(5, i);
    }

    [TestMethod]
    [DataRow("puppets", 1)]
    [DataRow("puppets", 2)]
    [DataRow("flies", 1)]
    public void Shipped_detector_gives_the_same_bits_at_every_batch_size(string name, int threads)
    {
        string model = ShippedModels.Detector(name);
        var random = new SeededRandomPictures(seed: 5);
        ImageRow[] rows = [.. Enumerable.Range(0, 21).Select(i => new ImageRow
        {
            Number = i,
            Image = MlImagePixels.ToMlImage(random.Next(90, 70)),
        })];
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        float[][] One(int batchSize, int parallelRuns)
        {
            KeypointDetectionOptions options = new()
            {
                Device = KeypointDevice.Cpu,
                IntraOpThreads = threads,
                BatchSize = batchSize,
                ParallelRuns = parallelRuns,
                InterleaveConfidence = true,
            };
            using KeypointDetectingTransformer transformer = ml.Transforms.DetectKeypoints("Keypoints", "Image", model, options).Fit(data);
            return [.. transformer.Transform(data).GetColumn<float[]>("Keypoints")];
        }
        float[][] expected = One(1, 1);
        foreach ((int batchSize, int parallelRuns) in new[] { (2, 1), (8, 1), (21, 1), (5, 3) })
        {
            float[][] actual = One(batchSize, parallelRuns);
            for (int i = 0; i < rows.Length; i++)
                CollectionAssert.AreEqual(expected[i], actual[i], $"row {i}, batches of {batchSize}");
        }
    }
}
