using System.Numerics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Metrics;

/// <summary>
/// Left and right of a predicted pose, decided by a second opinion (the authors' evaluation): an η that was pre-trained
/// and never fine-tuned reads the rendered prediction, β(η(Φ(x))); of the prediction and its left-right exchange, the
/// one nearer to what it says is taken.
/// </summary>
internal static class FlipResolution
{
    /// <summary>The prediction, with left and right exchanged where that is nearer to the offline pose; a tie keeps it.</summary>
    /// <param name="predicted">K points.</param>
    /// <param name="offline">K points, in the same unit.</param>
    /// <param name="flip">The permutation of a left-right exchange (<see cref="Skeleton.FlipPermutation"/>).</param>
    /// <param name="scored">The keypoints that are compared.</param>
    public static Vector2[] Resolve(
        ReadOnlySpan<Vector2> predicted, IReadOnlyList<Vector2> offline, ReadOnlySpan<int> flip, ReadOnlySpan<int> scored)
    {
        var exchanged = new Vector2[predicted.Length];
        for (int k = 0; k < exchanged.Length; k++)
            exchanged[k] = predicted[flip[k]];
        double asIs = 0, swapped = 0;
        foreach (int k in scored)
        {
            asIs += Vector2.Distance(predicted[k], offline[k]);
            swapped += Vector2.Distance(exchanged[k], offline[k]);
        }
        return asIs > swapped ? exchanged : predicted.ToArray();
    }
}
