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
    private readonly ConfidentKeypointPrediction _prediction = new();
    private readonly ImageRow _row = new();
    private MLImage _image = null!;
    private DetectorSession _session = null!;
    private KeypointDetector _detector = null!;
    private KeypointDetectingTransformer _transformer = null!;
    private PredictionEngine<ImageRow, ConfidentKeypointPrediction> _engine = null!;
    private KeypointPredictorPool _pool = null!;

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
        _image = MlImagePixels.ToMlImage(Photos.DrawOne(Size, Size));
        _row.Image = _image;
        _session = new DetectorSession(file, batch: 1, threads: 1);
        _detector = KeypointDetector.Load(file.Model.ToArray(), file.Name, new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 });
        _transformer = ml.Transforms.DetectKeypoints("Keypoints", nameof(ImageRow.Image), _detector, new()
        {
            ConfidenceColumnName = "Confidence",
        }).Fit(ml.Data.LoadFromEnumerable(new List<ImageRow>()));
        _engine = ml.Model.CreatePredictionEngine<ImageRow, ConfidentKeypointPrediction>(_transformer, new PredictionEngineOptions
        {
            OwnsTransformer = false,
        });
        _pool = new KeypointPredictorPool(_detector, new() { Concurrency = 1 });
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Free()
    {
        _pool.Dispose();
        _engine.Dispose();
        _transformer.Dispose();
        _detector.Dispose();
        _session.Dispose();
        _image.Dispose();
    }

    /// <summary>ONNX Runtime's work on an image that is in place and of the graph's size.</summary>
    [Benchmark(Baseline = true, Description = "InferenceSession.Run")]
    public void Session() => _session.Run();

    /// <summary>ML.NET's engine, with a new object for each result, as it is mostly used.</summary>
    [Benchmark(Description = "PredictionEngine.Predict(row)")]
    public ConfidentKeypointPrediction Predict() => _engine.Predict(_row);

    /// <summary>ML.NET's engine, with one object for all results.</summary>
    [Benchmark(Description = "PredictionEngine.Predict(row, ref result)")]
    public void PredictInPlace()
    {
        ConfidentKeypointPrediction prediction = _prediction;
        _engine.Predict(_row, ref prediction);
    }

    /// <summary>The pool, which works on another thread.</summary>
    [Benchmark(Description = "KeypointPredictorPool.PredictAsync")]
    public ConfidentKeypointPrediction Pool() => _pool.PredictAsync(_image).AsTask().GetAwaiter().GetResult();
}
