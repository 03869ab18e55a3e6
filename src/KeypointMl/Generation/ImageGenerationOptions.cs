using KeypointMl.Data;
using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>How <c>GenerateImage</c> runs.</summary>
public sealed record ImageGenerationOptions
{
    /// <summary>The device asked for; <see cref="ImageGeneratingTransformer.Device"/> says which is used.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary>The threads of one run of the graph; 0 leaves the choice to ONNX Runtime (one for each physical core).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int IntraOpThreads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(IntraOpThreads));
            field = value;
        }
    }

    /// <summary>
    /// The width in pixels of the images that the keypoints' coordinates refer to, given together with <see cref="KeypointsHeight"/>; null: those of the appearance column, row by row.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? KeypointsWidth
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(KeypointsWidth), value, "Expected pixels, 1 or more.");
    }

    /// <summary>The height that goes with <see cref="KeypointsWidth"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? KeypointsHeight
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(KeypointsHeight), value, "Expected pixels, 1 or more.");
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

    /// <summary>What happens at a row whose image or keypoints cannot be used; a keypoint that is not finite cannot.</summary>
    public KeypointErrorPolicy OnError { get; init; }

    internal ImageDecoderOptions Decoder() => DecoderLimits.Of(MaxPixels);

    internal ImageGeneratorOptions Generator() => new() { Device = Device, IntraOpThreads = IntraOpThreads };
}
