using KeypointMl.Imaging;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Rows;

namespace KeypointMl.Serving;

/// <summary>
/// How a <see cref="KeypointPredictorPool"/> works. <c>default</c>: as many predictions at once as there are
/// processors, each on its own.
/// </summary>
public readonly record struct KeypointPredictorOptions
{
    /// <summary>The value of <see cref="QueueLength"/> where none is given.</summary>
    public const int DefaultQueueLength = 256;

    /// <summary>The value of <see cref="MaxEncodedBytes"/> where none is given: 64 MiB.</summary>
    public const int DefaultMaxEncodedBytes = 64 << 20;

    /// <summary>The value of <see cref="MaxBytesInFlight"/> where none is given: 256 MiB.</summary>
    public const long DefaultMaxBytesInFlight = 256L << 20;

    /// <summary>The value of <see cref="MaxPixelsInFlight"/> where none is given: 100 million, some 700 MB while they are
    /// decoded.</summary>
    public const long DefaultMaxPixelsInFlight = 100_000_000;

    /// <summary>How many predictions, or batches of them, are worked on at the same time; 0: as many as there are processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Concurrency { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>How many requests may go through the graph together; 0 and 1: one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is outside 0…<see cref="KeypointDetectorOptions.MaximumBatchSize"/>.
    /// </exception>
    public int MaxBatch { get; init => field = Guard.Between(value, 0, KeypointDetectorOptions.MaximumBatchSize); }

    /// <summary>
    /// How long a batch that is not full waits for further requests; zero: not at all (it takes those that are
    /// waiting). Worth a few milliseconds where requests come in bursts and a batch is faster than its images one by
    /// one, as on a GPU.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or above a minute.</exception>
    public TimeSpan BatchWindow { get; init => field = Guard.Between(value, TimeSpan.Zero, TimeSpan.FromMinutes(1)); }

    /// <summary>
    /// How many requests may wait; further ones wait to be let in, so that memory stays bounded. 0:
    /// <see cref="DefaultQueueLength"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int QueueLength { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>The most bytes that an encoded image may have, from wherever it comes; 0: <see cref="DefaultMaxEncodedBytes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxEncodedBytes { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>
    /// The most bytes of streams that are held at the same time, by requests that are read, wait and are worked on; 0:
    /// <see cref="DefaultMaxBytesInFlight"/>. Where they are used up, further streams are read on when others are done with. The two
    /// that came first are always read to their ends, so that a slow one does not hold up all others, and the number may be exceeded by
    /// two images.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxBytesInFlight { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>
    /// The most pixels that are decoded at the same time; 0: <see cref="DefaultMaxPixelsInFlight"/>. Decoding takes up to 7
    /// bytes for each. An image with more of them is decoded alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixelsInFlight { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>The most pixels that are decoded of one image; 0 for the default of <see cref="ImageDecoderOptions"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels { get; init => field = Guard.AtLeast(value, 0); }

    internal int EffectiveConcurrency => Concurrency == 0 ? Environment.ProcessorCount : Concurrency;

    internal int EffectiveMaxBatch => Math.Max(1, MaxBatch);

    internal int EffectiveQueueLength => QueueLength == 0 ? DefaultQueueLength : QueueLength;

    internal int EffectiveMaxEncodedBytes => MaxEncodedBytes == 0 ? DefaultMaxEncodedBytes : MaxEncodedBytes;

    internal long EffectiveMaxBytesInFlight => MaxBytesInFlight == 0 ? DefaultMaxBytesInFlight : MaxBytesInFlight;

    internal long EffectiveMaxPixelsInFlight => MaxPixelsInFlight == 0 ? DefaultMaxPixelsInFlight : MaxPixelsInFlight;

    internal ImageDecoderOptions Decoder => DecoderLimits.Of(MaxPixels);
}

/// <summary>What a pool allows of encoded images.</summary>
/// <param name="MaxEncodedBytes">Of one image.</param>
/// <param name="Decoder">Of one image.</param>
/// <param name="Pixels">Of all that are decoded at the same time.</param>
internal sealed record DecodeLimits(long MaxEncodedBytes, ImageDecoderOptions Decoder, PixelBudget Pixels)
{
    /// <exception cref="InvalidDataException">There are more bytes than are allowed.</exception>
    public void Check(long bytes, string what)
    {
        if (bytes > MaxEncodedBytes)
            throw TooLarge(what, MaxEncodedBytes);
    }

    public static InvalidDataException TooLarge(string what, long limit) =>
        new(
            $"{what} has more than {limit:N0} bytes. Send a smaller image, or raise "
            + $"{nameof(KeypointPredictorOptions)}.{nameof(KeypointPredictorOptions.MaxEncodedBytes)}.");
}
