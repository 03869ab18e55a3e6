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
    public float MinConfidence
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MinConfidence), value, "Expected a confidence, 0 to 1.");
    }

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
    public long MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxPixels));
            field = value;
        }
    }

    /// <summary>
    /// What happens at a row whose image or keypoints cannot be used. Keypoints that are not finite can: they are left
    /// out.
    /// </summary>
    public KeypointErrorPolicy OnError { get; init; }

    internal ImageDecoderOptions Decoder() => DecoderLimits.Of(MaxPixels);
}

/// <summary>All that a drawing transform is made of; what its saved form holds.</summary>
internal sealed record KeypointDrawingSettings(
    string OutputColumn, string ImageColumn, string KeypointsColumn, KeypointDrawingOptions Options);
