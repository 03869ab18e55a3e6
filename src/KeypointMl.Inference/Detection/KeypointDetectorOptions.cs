using System.Numerics;
using KeypointMl.Imaging;
using KeypointMl.Inference.Devices;

namespace KeypointMl.Inference.Detection;

/// <summary>
/// How a <see cref="KeypointDetector"/> runs. <c>default</c> is a good choice: any device, ONNX Runtime's own number of
/// threads, batches of 8.
/// </summary>
public readonly record struct KeypointDetectorOptions
{
    /// <summary>The value of <see cref="BatchSize"/> where none is given.</summary>
    public const int DefaultBatchSize = 8;

    /// <summary>The largest <see cref="BatchSize"/>.</summary>
    public const int MaximumBatchSize = 1024;

    // Kept as the difference from the default, so that default(KeypointDetectorOptions) equals options that spell the default out.
    private readonly int batchSizeBeyondDefault;

    /// <summary>The device asked for; <see cref="KeypointDetector.Device"/> says which is used.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary>The threads of one run; 0 leaves the choice to ONNX Runtime (one for each physical core).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int IntraOpThreads { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>
    /// Whether every run has as many images as its memory has room for, the missing ones black: shapes stay the same,
    /// so that a GPU's provider plans once. Detect then runs <see cref="BatchSize"/> images whatever their number, and
    /// a <see cref="DetectorBatch"/> those that it was rented for. What is given for the images does not change. On the
    /// CPU it only costs time.
    /// </summary>
    public bool PadBatches { get; init; }

    /// <summary>
    /// Whether CUDA records a run once for each memory and then repeats it (a CUDA graph): less time between kernels,
    /// which counts for small batches. Batches are padded, runs of one detector follow one another, and at loading the
    /// results are compared with those of an ordinary session. On CUDA devices only; where
    /// <see cref="KeypointDevice.Auto"/> falls back to the CPU it is left out.
    /// </summary>
    public bool CudaGraph { get; init; }

    /// <summary>The largest number of images that go through the graph at once, 1 to <see cref="MaximumBatchSize"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 1…<see cref="MaximumBatchSize"/>.</exception>
    public int BatchSize
    {
        get => batchSizeBeyondDefault + DefaultBatchSize;
        init => batchSizeBeyondDefault = Guard.Between(value, 1, MaximumBatchSize) - DefaultBatchSize;
    }
}

/// <summary>One detected pose.</summary>
/// <param name="Keypoints">K points in pixels of the frame, 0 = centre of the first pixel, in the order of the detector's skeleton.</param>
/// <param name="Confidence">K values in [0,1].</param>
public sealed record DetectedPose(Vector2[] Keypoints, float[] Confidence);
