using BenchmarkDotNet.Attributes;
using KeypointMl.Detection;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Rows;
using KeypointMl.Serving;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Benchmarks;

/// <summary>One prediction of a 128×128 image in memory, on one thread, by the ways there are.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class LatencyBenchmarks
{
    private const int Size = 128;
    private readonly ConfidentKeypointPrediction prediction = new();
    private readonly ImageRow row = new();
    private MLImage image = null!;
    private DetectorSession session = null!;
    private KeypointDetector detector = null!;
    private KeypointDetectingTransformer transformer = null!;
    private PredictionEngine<ImageRow, ConfidentKeypointPrediction> engine = null!;
    private KeypointPredictorPool pool = null!;

    /// <summary>The detectors' names.</summary>
    public static IEnumerable<string> Detectors => ["small", "paper-128"];

    /// <summary>Which detector.</summary>
    [ParamsSource(nameof(Detectors))]
    public string Detector { get; set; } = "";

    /// <summary>Loads all of them.</summary>
    [GlobalSetup]
    public void Load()
    {
        DetectorFile file = Detector == "small" ? DetectorFile.Small() : DetectorFile.Paper128();
        var ml = new MLContext(seed: 1);
        image = MlImagePixels.ToMlImage(Photos.DrawOne(Size, Size));
        row.Image = image;
        session = new DetectorSession(file, batch: 1, threads: 1);
        detector = KeypointDetector.Load(file.Model.ToArray(), file.Name, new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 });
        transformer = ml.Transforms.DetectKeypoints("Keypoints", nameof(ImageRow.Image), detector, new()
        {
            ConfidenceColumnName = "Confidence",
        }).Fit(ml.Data.LoadFromEnumerable(new List<ImageRow>()));
        engine = ml.Model.CreatePredictionEngine<ImageRow, ConfidentKeypointPrediction>(transformer, new PredictionEngineOptions
        {
            OwnsTransformer = false,
        });
        pool = new KeypointPredictorPool(detector, new() { Concurrency = 1 });
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Free()
    {
        pool.Dispose();
        engine.Dispose();
        transformer.Dispose();
        detector.Dispose();
        session.Dispose();
        image.Dispose();
    }

    /// <summary>ONNX Runtime's work on an image that is in place and of the graph's size.</summary>
    [Benchmark(Baseline = true, Description = "InferenceSession.Run")]
    public void Session() => session.Run();

    /// <summary>ML.NET's engine, with a new object for each result, as it is mostly used.</summary>
    [Benchmark(Description = "PredictionEngine.Predict(row)")]
    public ConfidentKeypointPrediction Predict() => engine.Predict(row);

    /// <summary>ML.NET's engine, with one object for all results.</summary>
    [Benchmark(Description = "PredictionEngine.Predict(row, ref result)")]
    public void PredictInPlace()
    {
        ConfidentKeypointPrediction prediction = this.prediction;
        engine.Predict(row, ref prediction);
    }

    /// <summary>The pool, which works on another thread.</summary>
    [Benchmark(Description = "KeypointPredictorPool.PredictAsync")]
    public ConfidentKeypointPrediction Pool() => pool.PredictAsync(image).AsTask().GetAwaiter().GetResult();
}
