namespace KeypointMl.Data;

/// <summary>Limits for decoding images that may come from anywhere.</summary>
public sealed record ImageDecoderOptions
{
    /// <summary>The defaults.</summary>
    public static ImageDecoderOptions Default { get; } = new();

    /// <summary>
    /// The most pixels that are decoded, 100 million by default (300 MB as RGB). The size is read from the header first, so a small file that claims to be huge costs nothing.
    /// </summary>
    public long MaxPixels { get; init; } = 100_000_000;
}
