using KeypointMl.Imaging;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;

namespace KeypointMl.Rendering;

/// <summary>
/// What <c>RenderSkeleton</c> draws: lines in colours, or β's picture, bright on the skeleton and fading with the
/// distance from it.
/// </summary>
public sealed record SkeletonRenderingOptions
{
    /// <summary>The width of the pictures in pixels, at least 2; 128 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int Width { get; init => field = Guard.AtLeast(value, 2); } = 128;

    /// <summary>The height of the pictures in pixels, at least 2; 128 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int Height { get; init => field = Guard.AtLeast(value, 2); } = 128;

    /// <summary>
    /// The part of the keypoints' plane that the picture shows, in their pixels, such as the whole image that they were
    /// found in; null: that of the picture's own size at the origin.
    /// </summary>
    public Box? View { get; init; }

    /// <summary>
    /// β's fall-off: the picture is then <see cref="Background"/> far from the skeleton and <see cref="Foreground"/> on
    /// it. Null for lines as <see cref="Style"/> says.
    /// </summary>
    public SkeletonFallOff? FallOff { get; init; }

    /// <summary>The colour on the skeleton in β's picture; white.</summary>
    public RgbColor Foreground { get; init; } = RgbColor.White;

    /// <summary>The colour away from the skeleton; black.</summary>
    public RgbColor Background { get; init; } = RgbColor.Black;

    /// <summary>
    /// Colours and sizes of lines and dots; null for <see cref="PoseStyle.Default"/>. Not together with
    /// <see cref="FallOff"/>.
    /// </summary>
    public PoseStyle? Style { get; init; }

    /// <summary>
    /// Names the keypoints, and says which edges are drawn; null to take the skeleton that <c>DetectKeypoints</c>
    /// attached to the column.
    /// </summary>
    public Skeleton? Skeleton { get; init; }

    /// <summary>
    /// What happens at a row without K keypoints. Keypoints that are not finite are left out, with the edges that need
    /// them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
    public KeypointErrorPolicy OnError { get; init => field = Guard.Defined(value); }

    /// <exception cref="ArgumentException">The view is empty or not finite, or options contradict each other.</exception>
    internal void Validate()
    {
        if (View is { } view && !(view is { Width: > 0, Height: > 0 } && float.IsFinite(view.X + view.Y + view.Width + view.Height)))
            throw new ArgumentException($"{nameof(View)} is {view}; expected finite numbers with both sides greater than 0.");
        if (FallOff is { } fallOff && !(fallOff.Value > 0 && double.IsFinite(fallOff.Value)))
            throw new ArgumentException($"{nameof(FallOff)} is {fallOff}; expected a value greater than 0.");
        if (FallOff is not null && Style is not null)
        {
            throw new ArgumentException(
                $"Both {nameof(FallOff)} and {nameof(Style)} are given; β's picture has no lines. Give one of them.");
        }
        Style?.Validate();
    }
}

/// <summary>All that a rendering transform is made of; what its saved form holds.</summary>
internal sealed record SkeletonRenderingSettings(string OutputColumn, string KeypointsColumn, SkeletonRenderingOptions Options)
{
    /// <exception cref="ArgumentException">A column has no name, a value is out of range, or options contradict each other.</exception>
    public void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(OutputColumn);
        ArgumentException.ThrowIfNullOrEmpty(KeypointsColumn);
        Options.Validate();
    }
}
