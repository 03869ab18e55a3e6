using System.Collections.Immutable;
using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Rendering;

/// <summary>
/// β of equation 2 without tensors and gradients: keypoints → skeleton picture. Every pixel takes the value of its
/// nearest edge (the maximum over edges, as the release reduces); a skeleton without edges is drawn as points. The
/// trainable β computes the same.
/// </summary>
public static class SkeletonRaster
{
    /// <summary>Draws one pose.</summary>
    /// <param name="skeleton">Its edges are drawn; without edges its keypoints are.</param>
    /// <param name="pose">K points in pixels of the picture; edges with an end that is not finite are left out.</param>
    /// <param name="width">Width of the picture in pixels, at least 2.</param>
    /// <param name="height">Height of the picture in pixels, at least 2.</param>
    /// <param name="fallOff">
    /// Form and strength of the fall-off; distances are in [−1,1] units, in which the picture is 2 wide and 2 high.
    /// </param>
    /// <param name="brightness">[height,width] receives values in [0,1]: 1 on the skeleton. All 0 where no edge can be drawn.</param>
    /// <param name="drawPoints">Draw the keypoints and no edges ('points' rendering of the release).</param>
    /// <exception cref="ArgumentException">The pose has not K points, a side is below 2, or the span has another length.</exception>
    public static void Render(
        Skeleton skeleton,
        ReadOnlySpan<Vector2> pose,
        int width,
        int height,
        SkeletonFallOff fallOff,
        Span<float> brightness,
        bool drawPoints = false)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 2);
        if (pose.Length != skeleton.Count)
        {
            throw new ArgumentException(
                $"The pose has {pose.Length} points; skeleton '{skeleton.Name}' has {skeleton.Count} keypoints.", nameof(pose));
        }
        if (brightness.Length != width * height)
        {
            throw new ArgumentException(
                $"A {width}×{height} picture has {width * height} values; the span holds {brightness.Length}.", nameof(brightness));
        }

        (float[] starts, float[] ends) = Segments(DrawnEdges(skeleton, drawPoints), pose, width, height);
        if (starts.Length == 0)
        {
            brightness.Clear();
            return;
        }
        float[] columns = [.. Enumerable.Range(0, width).Select(x => NormalizedCoordinates.FromPixel(x, width))];
        float[] rows = [.. Enumerable.Range(0, height).Select(y => NormalizedCoordinates.FromPixel(y, height))];
        long[] edge = new long[brightness.Length];
        float[] position = new float[brightness.Length];
        NearestEdge.Find(starts, ends, columns, rows, edge, position);
        for (int i = 0; i < brightness.Length; i++)
        {
            int e = 2 * (int)edge[i];
            var nearest = Vector2.Lerp(new Vector2(starts[e], starts[e + 1]), new Vector2(ends[e], ends[e + 1]), position[i]);
            brightness[i] = (float)fallOff.Brightness(Vector2.DistanceSquared(new Vector2(columns[i % width], rows[i / width]), nearest));
        }
    }

    /// <summary>The edges that are drawn: the skeleton's, or each keypoint as an edge of no length.</summary>
    internal static ImmutableArray<SkeletonEdge> DrawnEdges(Skeleton skeleton, bool drawPoints) => drawPoints || skeleton.Edges.IsEmpty
        ? [.. Enumerable.Range(0, skeleton.Count).Select(k => new SkeletonEdge(k, k))]
        : skeleton.Edges;

    // [E,2] both ends of the edges that can be drawn, in [−1,1].
    private static (float[] Starts, float[] Ends) Segments(
        ImmutableArray<SkeletonEdge> edges, ReadOnlySpan<Vector2> pose, int width, int height)
    {
        var starts = new List<float>(2 * edges.Length);
        var ends = new List<float>(2 * edges.Length);
        foreach (SkeletonEdge edge in edges)
        {
            (Vector2 from, Vector2 to) = edge.Ends(pose);
            if (!float.IsFinite(from.X + from.Y + to.X + to.Y))
                continue;
            (from, to) = (NormalizedCoordinates.FromPixel(from, width, height), NormalizedCoordinates.FromPixel(to, width, height));
            starts.AddRange([from.X, from.Y]);
            ends.AddRange([to.X, to.Y]);
        }
        return ([.. starts], [.. ends]);
    }
}
