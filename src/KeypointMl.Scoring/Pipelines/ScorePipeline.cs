using KeypointMl.Data;
using KeypointMl.Inference;

namespace KeypointMl.Scoring;

/// <summary>
/// A declared scoring job (<c>pipelines/score/*.yaml</c>): what is scored, by which model, into which files. Paths are relative to the current folder. Keys in YAML are
/// <c>model</c>, <c>input</c>, <c>output</c>, <c>boxes</c>, <c>overlays</c>, <c>step</c>, <c>batch</c>, <c>threads</c> and <c>device</c>.
/// </summary>
public sealed record ScorePipeline
{
    /// <summary><c>model</c>: a <c>detector.onnx</c>.</summary>
    public required string Model { get; init; }

    /// <summary><c>input</c>: an image, a folder, a glob, a list of paths or a video (see <see cref="InputFiles.Find"/>).</summary>
    public required string Input { get; init; }

    /// <summary><c>output</c>: the predictions' file; its extension says the format (see <see cref="PredictionFiles"/>).</summary>
    public required string Output { get; init; }

    /// <summary><c>boxes</c>: a CSV file of the subjects' boxes (see <see cref="BoxTable"/>); null: each frame as a whole.</summary>
    public string? Boxes { get; init; }

    /// <summary><c>overlays</c>: a folder for pictures with the skeletons drawn in; null: none.</summary>
    public string? Overlays { get; init; }

    /// <summary><c>step</c>: every n-th frame of videos; 1 where not given.</summary>
    public int Step { get; init; } = 1;

    /// <summary><c>batch</c>: how many crops go through the detector at once, 1 to <see cref="KeypointDetectorOptions.MaximumBatchSize"/>; 8 where not given.</summary>
    public int Batch { get; init; } = KeypointDetectorOptions.DefaultBatchSize;

    /// <summary><c>threads</c>: the detector's threads, and as many that decode images; 0, where not given, for as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary><c>device</c>: <c>auto</c>, <c>cpu</c> or <c>cuda:ID</c>.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary>Reads a pipeline file. Nothing else is touched.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A key is missing, unknown or has a wrong value; the message names file and line.</exception>
    public static ScorePipeline Load(string path)
    {
        YamlSection section = YamlSection.Load(path);
        var pipeline = new ScorePipeline
        {
            Model = section.Required("model").AsString(),
            Input = section.Required("input").AsString(),
            Output = section.Required("output").AsString(),
            Boxes = section.Optional("boxes")?.AsString(),
            Overlays = section.Optional("overlays")?.AsString(),
            Step = section.Optional("step")?.AsInt32(1) ?? 1,
            Batch = section.Optional("batch")?.AsInt32(1, KeypointDetectorOptions.MaximumBatchSize) ?? KeypointDetectorOptions.DefaultBatchSize,
            Threads = section.Optional("threads")?.AsInt32(0) ?? 0,
            Device = section.Optional("device") is { } device ? ParseDevice(device) : KeypointDevice.Auto,
        };
        section.RejectUnknownKeys();
        return pipeline;
    }

    /// <summary>Checks, then scores: loads the model, finds the inputs, reads the boxes, starts the outputs.</summary>
    /// <param name="observers">Further sinks, such as a console; not disposed.</param>
    /// <param name="note">Told what a person should know beside the results, such as the device that is used instead of another; null for nobody.</param>
    /// <param name="cancellation">Asks to stop; no output appears then.</param>
    /// <exception cref="IOException">A file is missing or cannot be written, or ffmpeg is needed and not installed.</exception>
    /// <exception cref="InvalidDataException">The model, the input, the boxes or the output's extension are not usable; the message says which and why.</exception>
    /// <exception cref="NotSupportedException">The device was asked for by name and is not to be had.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public async Task<ScoringSummary> RunAsync(IEnumerable<IPredictionSink> observers, Action<string>? note = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observers);
        PredictionFiles.Check(Output);
        IReadOnlyList<InputFile> inputs = InputFiles.Find(Input);
        BoxTable? boxes = Boxes is null ? null : BoxTable.Read(Boxes, inputs);
        using KeypointDetector detector = KeypointDetector.Load(Model, new KeypointDetectorOptions { BatchSize = Batch, IntraOpThreads = Threads, Device = Device });
        if (detector.DeviceNote is { } deviceNote)
            note?.Invoke(deviceNote);
        OverlaySink? overlays = Overlays is null ? null : new OverlaySink(Overlays, detector.Skeleton, inputs);
        await using IPredictionSink output = PredictionFiles.Create(Output, detector.Skeleton);
        // The predictions come last: once their file is there, everything is.
        IPredictionSink[] sinks = [.. overlays is null ? observers : observers.Append(overlays), output];
        return await new Scorer(detector, new ScoringOptions { Step = Step, DecodeThreads = Threads }).ScoreAsync(inputs, boxes, sinks, cancellation).ConfigureAwait(false);
    }

    private static KeypointDevice ParseDevice(YamlValue value) =>
        KeypointDevice.TryParse(value.AsString(), out KeypointDevice device) ? device : throw value.Error("expected auto, cpu or cuda:ID");
}
