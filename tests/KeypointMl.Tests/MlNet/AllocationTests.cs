using System.Diagnostics;
using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Geometry;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

/// <summary>What a long run costs in memory. Counts what the whole process allocates: no other test may run meanwhile.</summary>
[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    private const int Files = 8;

    private static readonly string Model = Path.Combine(RepositoryFiles.Root, "onnx", "puppets", "detector.onnx");

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Transform_paths_of_large_jpegs_allocates_at_most_8_KB_for_each()
    {
        using var folder = new TemporaryFolder();
        string[] paths = WriteJpegs(folder);
        using KeypointDetectingTransformer transformer = Fit(paths);
        Walk(transformer, paths, 80); // fills the pools
        // A collection may empty a pool in between, and megabytes are rented anew, once; what each image costs is in every walk.
        long perImage = Enumerable.Range(0, 3).Min(_ => AllocatedPerImage(transformer, paths, 200));
        Console.WriteLine($"{perImage} bytes for each image");
        Assert.IsLessThan(8 * 1024L, perImage);
    }

    [TestMethod]
    public void Predict_paths_of_large_jpegs_allocates_at_most_8_KB_for_each()
    {
        using var folder = new TemporaryFolder();
        string[] paths = WriteJpegs(folder);
        using KeypointDetectingTransformer transformer = Fit(paths);
        using PredictionEngine<PathRow, ConfidentKeypointPrediction> engine =
            ml.Model.CreatePredictionEngine<PathRow, ConfidentKeypointPrediction>(transformer);
        var row = new PathRow();
        var prediction = new ConfidentKeypointPrediction();
        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                row.Path = paths[i % Files];
                engine.Predict(row, ref prediction);
            }
        }
        Run(40);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(100);
        long perImage = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Console.WriteLine($"{perImage} bytes for each image");
        Assert.IsLessThan(8 * 1024L, perImage);
    }

    [TestMethod]
    public void Inference_from_files_allocates_at_most_2_KB_for_each()
    {
        using var folder = new TemporaryFolder();
        string[] paths = WriteJpegs(folder);
        using KeypointDetector detector = KeypointDetector.Load(Model, new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 });
        using DetectorBatch batch = detector.RentBatch(1);
        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using var image = EncodedImage.Open(paths[i % Files]);
                image.Crop(Box.WholeImage(image.Width, image.Height), batch.Image(0).Span, detector.Width, detector.Height);
                batch.Run(1);
            }
        }
        Run(40);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(100);
        long perImage = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Console.WriteLine($"{perImage} bytes for each image");
        Assert.IsLessThan(2 * 1024L, perImage);
    }

    [TestMethod]
    [TestCategory("Soak")]
    public void Transforming_thousands_of_images_keeps_memory_flat()
    {
        int images = Environment.GetEnvironmentVariable("KEYPOINTML_SOAK") == "1" ? 20_000 : 3_000;
        using var folder = new TemporaryFolder();
        string[] paths = WriteJpegs(folder);
        using KeypointDetectingTransformer transformer = Fit(paths);
        Walk(transformer, paths, 2000);
        int collections = GC.CollectionCount(2);
        Walk(transformer, paths, images);
        Assert.IsLessThanOrEqualTo(2, GC.CollectionCount(2) - collections);
        // What is pooled is given back and rented anew now and then; what leaks grows every time.
        (long Heap, double Native)[] grown = [.. Enumerable.Range(0, 3).Select(_ => Growth(() => Walk(transformer, paths, images / 2)))];
        Console.WriteLine(string.Join("; ", grown.Select(times => $"heap +{times.Heap:N0} bytes, other +{times.Native:P1}")));
        Assert.IsLessThan(1 << 20, grown.Min(times => times.Heap));
        Assert.IsLessThan(0.02, grown.Min(times => times.Native));
    }

    private static (long Heap, double Native) Growth(Action walk)
    {
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        long native = ResidentBytes() - heap;
        walk();
        long heapAfter = GC.GetTotalMemory(forceFullCollection: true);
        return (heapAfter - heap, (double)(ResidentBytes() - heapAfter - native) / native);
    }

    private static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string[] WriteJpegs(TemporaryFolder folder)
    {
        var pictures = new SeededRandomPictures(seed: 3);
        return [.. Enumerable.Range(0, Files).Select(i => folder.Write($"{i}.jpg", ImageWriter.EncodeJpeg(pictures.Next(640, 480))))];
    }

    private KeypointDetectingTransformer Fit(string[] paths) => ml.Transforms
        .DetectKeypoints("Keypoints", "Path", Model, new()
        {
            Device = KeypointDevice.Cpu,
            IntraOpThreads = 1,
            ConfidenceColumnName = "Confidence",
        })
        .Fit(ml.Data.LoadFromEnumerable([new PathRow { Path = paths[0] }]));

    private long AllocatedPerImage(KeypointDetectingTransformer transformer, string[] paths, int count)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Walk(transformer, paths, count);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / count;
    }

    private void Walk(KeypointDetectingTransformer transformer, string[] paths, int count)
    {
        var row = new PathRow();
        IEnumerable<PathRow> rows = Enumerable.Range(0, count).Select(i =>
        {
            row.Number = i;
            row.Path = paths[i % Files];
            return row;
        });
        int seen = 0;
        foreach (NumberedPrediction found in ml.Data.CreateEnumerable<NumberedPrediction>(
            transformer.Transform(ml.Data.LoadFromEnumerable(rows)), reuseRowObject: true))
            Assert.AreEqual(seen++, found.Number);
        Assert.AreEqual(count, seen);
    }
}
