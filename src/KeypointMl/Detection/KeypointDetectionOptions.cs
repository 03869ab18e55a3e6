using KeypointMl.Data;
using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>How <c>DetectKeypoints</c> runs. <c>default</c> is a good choice: any device, batches of 8, a decoding thread for each processor.</summary>
public readonly record struct KeypointDetectionOptions
{
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

    /// <summary>The number of rows that are read ahead and go through the graph at once; 8 where not given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 1…<see cref="KeypointDetectorOptions.MaximumBatchSize"/>.</exception>
    public int BatchSize
    {
        get => detector.BatchSize;
        init => detector = detector with { BatchSize = value };
    }

    /// <summary>The threads that decode the images of a batch (paths and encoded images only); 0 for one for each processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int DecodeThreads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(DecodeThreads));
            field = value;
        }
    }

    /// <summary>The most pixels that are decoded from one file or byte vector; 0 for the default of <see cref="ImageDecoderOptions"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxPixels));
            field = value;
        }
    }

    /// <summary>The name of a second new column, a vector of K confidences in [0,1] with the keypoints' names as slot names; null for none.</summary>
    public string? ConfidenceColumnName { get; init; }

    internal KeypointDetectorOptions Detector => detector;

    internal ImageDecoderOptions Decoder => MaxPixels == 0 ? ImageDecoderOptions.Default : ImageDecoderOptions.Default with { MaxPixels = MaxPixels };

    internal int EffectiveDecodeThreads => DecodeThreads == 0 ? Environment.ProcessorCount : DecodeThreads;
}
