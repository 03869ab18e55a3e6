using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using SkiaSharp;

namespace KeypointMl.Imaging.Drawing;

/// <summary>The colours of a skeleton's edges and keypoints under a style.</summary>
internal sealed class PosePalette
{
    private readonly Skeleton skeleton;
    private readonly PoseStyle style;
    private readonly RgbColor[] keypoints;

    public PosePalette(Skeleton skeleton, PoseStyle style)
    {
        this.skeleton = skeleton;
        this.style = style;
        keypoints = Enumerable.Repeat(style.Coloring == PoseColoring.Edge ? RgbColor.White : style.MiddleColor, skeleton.Count).ToArray();
        if (style.Coloring == PoseColoring.Side)
            ColorSides();
        else if (style.Coloring == PoseColoring.Group)
            ColorGroups();
    }

    public SKColor Keypoint(int k) => ToSkia(style.KeypointColor ?? keypoints[k]);

    /// <summary>
    /// An edge has its keypoints' colour; where the middle meets a side or a group, that one's; where two of them meet,
    /// the middle's.
    /// </summary>
    public SKColor Edge(int e)
    {
        if (style.Coloring == PoseColoring.Edge)
            return Hue(e, skeleton.Edges.Length);
        SkeletonEdge edge = skeleton.Edges[e];
        RgbColor[] coloured = [.. edge.From.Concat(edge.To).Select(k => keypoints[k]).Where(color => color != style.MiddleColor)
            .Distinct()];
        return ToSkia(coloured.Length == 1 ? coloured[0] : style.MiddleColor);
    }

    /// <summary>Hues evenly round the circle.</summary>
    public static SKColor Hue(int index, int count) => SKColor.FromHsv(360f * index / Math.Max(count, 1), 90, 100);

    private static SKColor ToSkia(RgbColor color) => new(color.Red, color.Green, color.Blue);

    private void ColorSides()
    {
        foreach ((int left, int right) in skeleton.SymmetricPairs)
            (keypoints[left], keypoints[right]) = (style.LeftColor, style.RightColor);
    }

    private void ColorGroups()
    {
        // Backwards, so that a keypoint of several groups has the colour of the first.
        for (int g = skeleton.Groups.Length - 1; g >= 0; g--)
        {
            SKColor hue = Hue(g, skeleton.Groups.Length);
            RgbColor color = style.GroupColors.TryGetValue(skeleton.Groups[g].Name, out RgbColor own)
                ? own
                : new RgbColor(hue.Red, hue.Green, hue.Blue);
            foreach (int k in skeleton.Groups[g].Keypoints)
                keypoints[k] = color;
        }
    }
}
