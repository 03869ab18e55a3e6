using System.Numerics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors.Drawing;

/// <summary>A skeleton as bones that hang on each other, from a root outwards.</summary>
/// <param name="Order">All keypoints, the root first, each after the one that it hangs on.</param>
/// <param name="Parents">What each keypoint hangs on; −1 for the root.</param>
internal sealed record PoseTree(IReadOnlyList<int> Order, IReadOnlyList<int> Parents)
{
    /// <summary>The keypoint that nothing else carries.</summary>
    internal int Root => Order[0];

    /// <summary>The tree of a skeleton's edges. What no edge reaches is hung on the nearest keypoint.</summary>
    /// <param name="skeleton">Edges between single keypoints count; those that would close a ring do not.</param>
    /// <param name="pose">Says what is near.</param>
    /// <param name="root">The root; null for the keypoint in the middle of the edges.</param>
    internal static PoseTree Of(Skeleton skeleton, ReadOnlySpan<Vector2> pose, int? root)
    {
        List<int>[] neighbours = [.. Enumerable.Range(0, skeleton.Count).Select(_ => new List<int>())];
        foreach (SkeletonEdge edge in skeleton.Edges.Where(edge => edge is { From.Length: 1, To.Length: 1 }))
        {
            neighbours[edge.From[0]].Add(edge.To[0]);
            neighbours[edge.To[0]].Add(edge.From[0]);
        }
        Join(neighbours, pose);
        int start = root ?? Enumerable.Range(0, skeleton.Count).MinBy(k => Walk(neighbours, k).Depth);
        return Walk(neighbours, start).Tree;
    }

    // Until all can be reached from the first: the nearest two, one of either part.
    private static void Join(List<int>[] neighbours, ReadOnlySpan<Vector2> pose)
    {
        while (Walk(neighbours, 0).Tree.Order is { } reached && reached.Count < neighbours.Length)
        {
            HashSet<int> inside = [.. reached];
            (int From, int To, float Distance) nearest = (0, 0, float.PositiveInfinity);
            foreach (int from in reached)
            {
                for (int to = 0; to < pose.Length; to++)
                {
                    float distance = Vector2.Distance(pose[from], pose[to]);
                    if (!inside.Contains(to) && distance < nearest.Distance)
                        nearest = (from, to, distance);
                }
            }
            neighbours[nearest.From].Add(nearest.To);
            neighbours[nearest.To].Add(nearest.From);
        }
    }

    private static (PoseTree Tree, int Depth) Walk(List<int>[] neighbours, int root)
    {
        int[] parents = new int[neighbours.Length], depths = new int[neighbours.Length];
        Array.Fill(parents, -1);
        List<int> order = [root];
        HashSet<int> seen = [root];
        for (int i = 0; i < order.Count; i++)
        {
            foreach (int next in neighbours[order[i]].Where(seen.Add))
            {
                (parents[next], depths[next]) = (order[i], depths[order[i]] + 1);
                order.Add(next);
            }
        }
        return (new PoseTree(order, parents), depths.Max());
    }
}
