using KeypointMl.Imaging;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Geometry;
using KeypointMl.Rows;

namespace KeypointMl.Detection;

/// <summary>
/// How <c>DetectKeypoints</c> runs and what it adds. <c>default</c> is a good choice: any device, batches of 8, a
/// decoding thread for each processor, an exception at a row that cannot be used.
/// </summary>
public readonly record struct KeypointDetectionOptions
{
    /// <summary>The largest <see cref="ParallelRuns"/>.</summary>
    public const int MaximumParallelRuns = 256;

    private readonly KeypointDetectorOptions detector;

    /// <summary>The device asked for; <see cref="KeypointDetectingTransformer.Device"/> says which is used.</summary>
    public KeypointDevice Device
    {
        get => detector.Device;
        init => detector = detector with { Device = value };
    }

    /// <summary>The threads of one run of the graph; 0 leaves the choice to ONNX Runtime (one for each physical core).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int IntraOpThreads
    {
        get => detector.IntraOpThreads;
        init => detector = detector with { IntraOpThreads = value };
    }

    /// <summary>The number of rows that go through the graph at once; 8 where not given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is outside 1…<see cref="KeypointDetectorOptions.MaximumBatchSize"/>.
    /// </exception>
    public int BatchSize
    {
        get => detector.BatchSize;
        init => detector = detector with { BatchSize = value };
    }

    /// <summary>
    /// How many batches of one cursor may be in the graph at the same time; 0 and 1: one. Several of them with
    /// <see cref="IntraOpThreads"/> 1 keep the processors busier than one with many threads. A cursor holds the memory
    /// of two batches more, or of eight rows for each run where that is more; and, one by one, the images that are being
    /// decoded, or are but wait for one before them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 0…<see cref="MaximumParallelRuns"/>.</exception>
    public int ParallelRuns { get; init => field = Guard.Between(value, 0, MaximumParallelRuns); }

    /// <summary>
    /// Whether batch size, parallel runs and (where <see cref="IntraOpThreads"/> is 0) threads are measured on this
    /// machine, in a few seconds whenever the transformer is made or loaded, for the most images per second;
    /// <see cref="KeypointDetectingTransformer.Tuning"/> says what came of it. <see cref="BatchSize"/> and
    /// <see cref="ParallelRuns"/> are then not used. For single predictions it is the wrong choice: many runs with one
    /// thread each answer each later.
    /// </summary>
    public bool AutoTune { get; init; }

    /// <summary>
    /// Whether every run has a full batch, the missing images black (see
    /// <see cref="KeypointDetectorOptions.PadBatches"/>).
    /// </summary>
    public bool PadBatches
    {
        get => detector.PadBatches;
        init => detector = detector with { PadBatches = value };
    }

    /// <summary>Whether CUDA records a run once and repeats it (see <see cref="KeypointDetectorOptions.CudaGraph"/>).</summary>
    public bool CudaGraph
    {
        get => detector.CudaGraph;
        init => detector = detector with { CudaGraph = value };
    }

    /// <summary>
    /// How many images of one cursor may be decoded at the same time (paths and encoded images only); 0: as many as
    /// there are processors.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int DecodeThreads { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>
    /// The most pixels that are decoded from one file or byte vector; 0 for the default of
    /// <see cref="ImageDecoderOptions"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>
    /// The column that says which part of the image to look at: a vector of 4 floats x, y, width, height in pixels of the image, as in
    /// <see cref="Box"/> (x, y the centre of its first pixel). It may reach over the image's edge. Null: the whole image.
    /// </summary>
    public string? BoxColumnName { get; init; }

    /// <summary>
    /// The name of a second new column, a vector of K confidences in [0,1] with the keypoints' names as slot names;
    /// null for none.
    /// </summary>
    public string? ConfidenceColumnName { get; init; }

    /// <summary>
    /// Whether the column of keypoints has K×3 floats, x₀, y₀, confidence₀, x₁, … with slot names
    /// <c>&lt;keypoint&gt;.x</c>, <c>.y</c>, <c>.confidence</c>, instead of K×2.
    /// </summary>
    public bool InterleaveConfidence { get; init; }

    /// <summary>What happens at a row whose image or box cannot be used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
    public KeypointErrorPolicy OnError { get; init => field = Guard.Defined(value); }

    /// <summary>
    /// The name of a new text column with the reason why a row has no keypoints, empty where it has; null for none. For
    /// <see cref="KeypointErrorPolicy.MarkRow"/> only.
    /// </summary>
    public string? ErrorColumnName { get; init; }

    internal KeypointDetectorOptions Detector => detector;

    internal ImageDecoderOptions Decoder => DecoderLimits.Of(MaxPixels);

    internal int EffectiveDecodeThreads => DecodeThreads == 0 ? Environment.ProcessorCount : DecodeThreads;
}
