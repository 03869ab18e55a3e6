using KeypointMl.Data;
using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>How <c>TransferAppearance</c> runs.</summary>
public sealed record AppearanceTransferOptions
{
    /// <summary>The device asked for, of both graphs; <see cref="AppearanceTransferringTransformer.Device"/> says which is used.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary>The threads of one run of a graph; 0 leaves the choice to ONNX Runtime (one for each physical core).</summary>
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

    /// <summary>What happens at a row one of whose images cannot be used.</summary>
    public KeypointErrorPolicy OnError { get; init; }

    internal ImageDecoderOptions Decoder() => DecoderLimits.Of(MaxPixels);
}
