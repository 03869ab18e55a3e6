using KeypointMl.Data;

namespace KeypointMl;

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
