using System.Collections.Immutable;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Reading;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Pipelines;

/// <summary>
/// A declared scoring job (<c>pipelines/score/*.yaml</c>): what is scored, by which model, what is done with the
/// keypoints, into which files. Paths are relative to the current folder.
/// </summary>
public sealed record ScorePipeline
{
    /// <summary><c>model</c>: a <c>detector.onnx</c>.</summary>
    public required string Model { get; init; }

    /// <summary><c>inputs</c>, or <c>input</c> for one: what is scored, in this order.</summary>
    public required ImmutableArray<ScoreSource> Inputs { get; init; }

    /// <summary>
    /// <c>outputs</c>, or <c>output</c> for one: the predictions' files; their extensions say the format (see
    /// <see cref="PredictionFiles"/>).
    /// </summary>
    public required ImmutableArray<string> Outputs { get; init; }

    /// <summary>
    /// <c>boxes</c>: a CSV file of the subjects' boxes, several a frame (see <see cref="BoxTable"/>); null: each frame
    /// as a whole.
    /// </summary>
    public string? Boxes { get; init; }

    /// <summary>
    /// <c>find</c>: look for the moving subjects of each video before it is scored, instead of <see cref="Boxes"/> (see
    /// <see cref="SubjectFinder"/>); null: don't.
    /// </summary>
    public SubjectFinderOptions? Find { get; init; }

    /// <summary><c>steps</c>: what is done with the keypoints after the detector, in this order.</summary>
    public ImmutableArray<ScoreStep> Steps { get => field.IsDefault ? [] : field; init; }

    /// <summary><c>overlays</c>: a folder for pictures with the skeletons drawn in; null: none.</summary>
    public string? Overlays { get; init; }

    /// <summary>
    /// <c>overlay_videos</c>: a folder for videos with the skeletons drawn in and the sound of the originals; null:
    /// none.
    /// </summary>
    public string? OverlayVideos { get; init; }

    /// <summary>
    /// <c>batch</c>: how many crops go through the detector at once, 1 to
    /// <see cref="KeypointDetectorOptions.MaximumBatchSize"/>; 8 where not given.
    /// </summary>
    public int Batch { get; init; } = KeypointDetectorOptions.DefaultBatchSize;

    /// <summary>
    /// <c>threads</c>: how many batches a CPU takes through the detector at the same time, each on one thread, and how
    /// many images are decoded; 0, where not given, for as many as there are processors.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 0 or above <see cref="Reading.ScoringOptions.MaximumThreads"/>.</exception>
    public int Threads { get; init => field = Guard.Between(value, 0, Reading.ScoringOptions.MaximumThreads); }

    /// <summary><c>device</c>: <c>auto</c>, <c>cpu</c> or <c>cuda:ID</c>.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary><c>hardware_decoding</c>: a hardware decoder for videos; the processor where not given.</summary>
    public VideoDecoding VideoDecoding { get; init; }

    /// <summary>The file that it was read from; null where it was not.</summary>
    internal string? File { get; init; }

    /// <summary>Reads a pipeline file. Nothing else is touched.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A key is missing, unknown or has a wrong value; the message names file and line.</exception>
    public static ScorePipeline Load(string path) => YamlSection.Load(path, ScorePipelineYaml.Read) with { File = path };

    /// <summary>Checks, then scores: finds the inputs, reads the boxes or finds them, loads the model, starts the outputs.</summary>
    /// <param name="observers">Further sinks, such as a console; not disposed.</param>
    /// <param name="monitor">Is told how it goes; null for nobody.</param>
    /// <param name="cancellation">Asks to stop; no output appears then.</param>
    /// <exception cref="IOException">A file is missing or cannot be written, or ffmpeg is needed and not installed.</exception>
    /// <exception cref="InvalidDataException">
    /// The model, the input, the boxes or the output's extension are not usable, or an output would replace an input;
    /// the message says which and why.
    /// </exception>
    /// <exception cref="NotSupportedException">The device or the hardware decoder was asked for by name and is not available.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public Task<ScoringSummary> RunAsync(
        IEnumerable<IPredictionSink> observers, IScoringMonitor? monitor = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observers);
        return RunAsync(_ => observers, monitor, cancellation);
    }

    /// <summary>As the other overload, for sinks that have to know what the keypoints are called.</summary>
    /// <param name="observers">Makes further sinks once the model is loaded, from its skeleton; not disposed.</param>
    /// <param name="monitor">Is told how it goes; null for nobody.</param>
    /// <param name="cancellation">Asks to stop; no output appears then.</param>
    /// <exception cref="IOException">As in the other overload.</exception>
    /// <exception cref="InvalidDataException">As in the other overload.</exception>
    /// <exception cref="NotSupportedException">As in the other overload.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public async Task<ScoringSummary> RunAsync(
        Func<Skeleton, IEnumerable<IPredictionSink>> observers,
        IScoringMonitor? monitor = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observers);
        monitor ??= SilentMonitor.Instance;
        BoxTable? boxes = this.CheckAndReadBoxes();
        var videos = new VideoList(OverlayVideos is not null);
        IEnumerable<InputFile> inputs = videos.Watch(this.CheckedInputs(boxes, monitor.Note));
        // A search takes hours, in which files may come: what was checked is looked through and scored. Other inputs may be millions.
        if (Find is not null)
            inputs = [.. inputs];
        long? frames = VideoFrames.Declared(inputs, cancellation);
        videos.RequireFrameRates();
        using KeypointDetector detector = KeypointDetector.Load(Model, DetectorOptions);
        if (detector.DeviceNote is { } deviceNote)
            monitor.Note(deviceNote);
        // Before videos are looked through, which may take hours.
        this.CheckSteps(detector.Skeleton);
        await using var outputs = new DeclaredOutputs(this, videos, detector.Skeleton);
        if (Find is not null)
        {
            boxes = FoundBoxes.In(inputs, Find with { Threads = Threads }, monitor.Note, cancellation);
            videos.LeaveOut(boxes.Faults.Keys);
        }
        else
        {
            inputs = this.ListInputs();
        }
        monitor.Begin(frames);
        return await new Scorer(detector, ScoringOptions).ScoreAsync(
            inputs, boxes, [.. observers(detector.Skeleton), .. outputs.Sinks], monitor, cancellation).ConfigureAwait(false);
    }

    internal KeypointDetectorOptions DetectorOptions => new() { BatchSize = Batch, IntraOpThreads = 1, Device = Device };

    internal ScoringOptions ScoringOptions => new()
    {
        DecodeThreads = Threads,
        ParallelRuns = Threads,
        VideoDecoding = VideoDecoding,
        Steps = Steps,
    };

    /// <summary>Whether the rows have normalised poses.</summary>
    internal bool HasNormalization => Steps.Any(step => step is NormalizedPoses);

    /// <summary>Whether a video's rows depend on each other.</summary>
    internal bool IsOverTime => Steps.Any(step => step.IsOverTime);

    /// <summary>The same pipeline with its paths starting from a folder.</summary>
    internal ScorePipeline From(string folder) => this with
    {
        Model = Path.Combine(folder, Model),
        Boxes = Boxes is null ? null : Path.Combine(folder, Boxes),
        Overlays = Overlays is null ? null : Path.Combine(folder, Overlays),
        OverlayVideos = OverlayVideos is null ? null : Path.Combine(folder, OverlayVideos),
        Outputs = [.. Outputs.Select(output => Path.Combine(folder, output))],
        Inputs = [.. Inputs.Select(source => source with { Path = Path.Combine(folder, source.Path) })],
    };
}
