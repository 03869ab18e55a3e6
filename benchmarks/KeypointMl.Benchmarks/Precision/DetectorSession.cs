using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Benchmarks;

/// <summary>A detector with its input and outputs in place: a run is ONNX Runtime's work and nothing else.</summary>
internal sealed class DetectorSession : IDisposable
{
    private static readonly string[] Inputs = ["image"];
    private static readonly string[] Outputs = ["keypoints", "confidence"];
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly (OrtValue[] Images, OrtValue[] Results)[] lanes;

    /// <summary>Loads a detector.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="batch">How many images in a run.</param>
    /// <param name="threads">How many threads a run computes with.</param>
    /// <param name="lanes">How many runs there may be at the same time, each on images of its own.</param>
    public DetectorSession(DetectorFile detector, int batch, int threads, int lanes = 1)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        // Else the threads of the alternative that ran before would go on spinning beside this one.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        session = new InferenceSession(detector.Model.ToArray(), options);
        this.lanes = [.. Enumerable.Range(0, lanes).Select(_ => CreateLane(detector, batch))];
    }

    /// <summary>Detects.</summary>
    /// <param name="lane">On which images.</param>
    public void Run(int lane = 0) => session.Run(options, Inputs, lanes[lane].Images, Outputs, lanes[lane].Results);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OrtValue value in lanes.SelectMany(lane => lane.Images.Concat(lane.Results)))
            value.Dispose();
        options.Dispose();
        session.Dispose();
    }

    private static (OrtValue[] Images, OrtValue[] Results) CreateLane(DetectorFile detector, int batch)
    {
        var pixels = new byte[batch * detector.Size * detector.Size * 3];
        new Random(1).NextBytes(pixels);
        return (
            [OrtValue.CreateTensorValueFromMemory(pixels, [batch, detector.Size, detector.Size, 3])],
            [
                OrtValue.CreateTensorValueFromMemory(new float[batch * detector.Keypoints * 2], [batch, detector.Keypoints, 2]),
                OrtValue.CreateTensorValueFromMemory(new float[batch * detector.Keypoints], [batch, detector.Keypoints]),
            ]);
    }
}
