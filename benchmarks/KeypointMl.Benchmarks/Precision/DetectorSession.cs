using KeypointMl.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Benchmarks;

/// <summary>A detector with its input and outputs in place: a run is ONNX Runtime's work and nothing else.</summary>
internal sealed class DetectorSession : IDisposable
{
    private static readonly string[] _inputs = ["image"];
    private static readonly string[] _outputs = ["keypoints", "confidence"];
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtValue[] _images;
    private readonly OrtValue[] _results;

    /// <summary>Loads a detector.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="size">The width and height of its images.</param>
    /// <param name="keypoints">How many keypoints it finds.</param>
    /// <param name="batch">How many images in a run.</param>
    /// <param name="threads">How many threads a run computes with.</param>
    public DetectorSession(OnnxModel model, int size, int keypoints, int batch, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        // Else the threads of the alternative that ran before would go on spinning beside this one.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        _session = new InferenceSession(model.ToArray(), options);
        var pixels = new byte[batch * size * size * 3];
        new Random(1).NextBytes(pixels);
        _images = [OrtValue.CreateTensorValueFromMemory(pixels, [batch, size, size, 3])];
        _results = [OrtValue.CreateTensorValueFromMemory(new float[batch * keypoints * 2], [batch, keypoints, 2]), OrtValue.CreateTensorValueFromMemory(new float[batch * keypoints], [batch, keypoints])];
    }

    /// <summary>Detects.</summary>
    public void Run() => _session.Run(_options, _inputs, _images, _outputs, _results);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OrtValue value in _images.Concat(_results))
            value.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}
