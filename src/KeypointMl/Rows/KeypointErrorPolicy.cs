using KeypointMl.Imaging.Images;

namespace KeypointMl.Rows;

/// <summary>What a transform does with a row whose image, box or keypoints cannot be used.</summary>
public enum KeypointErrorPolicy
{
    /// <summary>
    /// The rows before it are given; at the row itself an <see cref="InvalidDataException"/> names the row, the column
    /// and the reason.
    /// </summary>
    Throw,

    /// <summary>
    /// The row stays. <c>DetectKeypoints</c> gives it NaN as keypoints and 0 as confidence, and the reason in the column
    /// <c>ErrorColumnName</c> where there is one; transforms that make images give it none (null).
    /// </summary>
    MarkRow,
}

/// <summary>The decoder's limits that a transform's options ask for.</summary>
internal static class DecoderLimits
{
    /// <param name="maxPixels">0 for the default.</param>
    public static ImageDecoderOptions Of(long maxPixels) => maxPixels == 0 ? ImageDecoderOptions.Default : ImageDecoderOptions.Default with
    {
        MaxPixels = maxPixels,
    };
}
