using KeypointMl.Data;

namespace KeypointMl;

/// <summary>The decoder's limits that a transform's options ask for.</summary>
internal static class DecoderLimits
{
    /// <param name="maxPixels">0 for the default.</param>
    public static ImageDecoderOptions Of(long maxPixels) => maxPixels == 0 ? ImageDecoderOptions.Default : ImageDecoderOptions.Default with { MaxPixels = maxPixels };
}
