using System.Numerics;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace KeypointMl.Rendering;

/// <summary>
/// Adds a column of skeleton pictures; made by <see cref="SkeletonRenderingEstimator"/>, saved and loaded by
/// <c>mlContext.Model</c>.
/// </summary>
/// <remarks>
/// Images follow the rule of ML.NET's image loader: an image belongs to whoever asked for it, and is disposed of when
/// he asks for the next into the same variable.
/// </remarks>
public sealed class SkeletonRenderingTransformer : AddedColumnTransformer
{
    internal const string LoaderSignature = "KeypointMlRender";

    private static readonly SavedTransform Saved = new("RenderSkeleton", "KPMLRNDR", LoaderSignature, 1);

    private readonly SkeletonRenderingSettings settings;

    internal SkeletonRenderingTransformer(SkeletonRenderingSettings settings)
        : base(settings.OutputColumn, Saved, settings) => this.settings = settings;

    /// <summary>What was asked for, with the skeleton that was found.</summary>
    public SkeletonRenderingOptions Options => settings.Options;

    private protected override RowMapping Map(DataViewSchema input)
    {
        KeypointColumn keypoints = KeypointColumn.Find(input, settings.KeypointsColumn, Options.Skeleton);
        return new RowMapping(input, RowImages.Column(OutputColumnName, (Options.Width, Options.Height)),
            [keypoints.Column], row => Getter(row, keypoints));
    }

    // Found by ML.NET's component catalog under this name.
    private static SkeletonRenderingTransformer Create(IHostEnvironment env, object ctx) =>
        new(Saved.Read<SkeletonRenderingSettings>(ctx, settings => settings.Check()));

    private ValueGetter<MLImage> Getter(DataViewRow row, KeypointColumn keypoints)
    {
        var poses = new KeypointReader(row, keypoints);
        Box view = Options.View ?? Box.WholeImage(Options.Width, Options.Height);
        return RowImages.Getter(row, OutputColumnName, Options.OnError, () =>
        {
            poses.Read();
            foreach (ref Vector2 point in poses.Points)
                point = view.ToCrop(point, Options.Width, Options.Height);
            return Options.FallOff is { } fallOff
                ? RenderFallOff(keypoints.Skeleton, poses.Points, fallOff)
                : RenderLines(keypoints.Skeleton, poses.Points);
        });
    }

    private RgbImage RenderLines(Skeleton skeleton, ReadOnlySpan<Vector2> pose)
    {
        var picture = new RgbImage(Options.Width, Options.Height);
        for (int i = 0; i < picture.Pixels.Length; i += 3)
        {
            (picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2]) =
                (Options.Background.Red, Options.Background.Green, Options.Background.Blue);
        }
        return PosePainter.Paint(picture, skeleton, pose, style: Options.Style);
    }

    private RgbImage RenderFallOff(Skeleton skeleton, ReadOnlySpan<Vector2> pose, SkeletonFallOff fallOff)
    {
        float[] brightness = new float[Options.Width * Options.Height];
        SkeletonRaster.Render(skeleton, pose, Options.Width, Options.Height, fallOff, brightness);
        var picture = new RgbImage(Options.Width, Options.Height);
        for (int i = 0; i < brightness.Length; i++)
        {
            RgbColor color = RgbColor.Lerp(Options.Background, Options.Foreground, brightness[i]);
            (picture.Pixels[3 * i], picture.Pixels[3 * i + 1], picture.Pixels[3 * i + 2]) = (color.Red, color.Green, color.Blue);
        }
        return picture;
    }
}
