using KeypointMl.Imaging;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;

namespace KeypointMl.Drawing;

/// <summary>How <c>DrawKeypoints</c> draws.</summary>
public sealed record KeypointDrawingOptions
{
    /// <summary>Colours and sizes.</summary>
    public PoseStyle Style { get; init; } = PoseStyle.Default;

    /// <summary>Keypoints of less confidence are left out, with the edges that need them; 0 draws all that are finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0,1].</exception>
    public float MinConfidence { get; init => field = Guard.Between(value, 0f, 1f); }

    /// <summary>
    /// A column of K confidences, as <c>DetectKeypoints</c> makes; null where the keypoints have their own (K×3), or
    /// none is needed.
    /// </summary>
    public string? ConfidenceColumnName { get; init; }

    /// <summary>
    /// Names the keypoints and their edges; null to take the skeleton that <c>DetectKeypoints</c> attached to the
    /// column.
    /// </summary>
    public Skeleton? Skeleton { get; init; }

    /// <summary>
    /// The most pixels that are decoded from one file or byte vector; 0 for the default of
    /// <see cref="ImageDecoderOptions"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>
    /// What happens at a row whose image or keypoints cannot be used. Keypoints that are not finite can: they are left
    /// out.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
    public KeypointErrorPolicy OnError { get; init => field = Guard.Defined(value); }

    internal ImageDecoderOptions Decoder() => DecoderLimits.Of(MaxPixels);
}

/// <summary>All that a drawing transform is made of; what its saved form holds.</summary>
internal sealed record KeypointDrawingSettings(
    string OutputColumn, string ImageColumn, string KeypointsColumn, KeypointDrawingOptions Options)
{
    /// <exception cref="ArgumentException">A column has no name, or a size is out of range.</exception>
    public void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(OutputColumn);
        ArgumentException.ThrowIfNullOrEmpty(ImageColumn);
        ArgumentException.ThrowIfNullOrEmpty(KeypointsColumn);
        Options.Style.Validate();
    }
}
