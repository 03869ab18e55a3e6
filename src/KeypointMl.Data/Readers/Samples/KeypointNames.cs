using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>The names that a data set has for its points, in its order; a manifest's skeleton picks among them by name.</summary>
internal sealed class KeypointNames(IReadOnlyList<string> names, KeypointMapping mapping)
{
    private const int Unlabelled = -1;

    private readonly Dictionary<string, int> indices = names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
    private Skeleton? lastSkeleton;
    private int[] lastIndices = [];

    internal int Count => names.Count;

    /// <summary>The points of a skeleton, picked by name; NaN for those that the data set does not label.</summary>
    /// <exception cref="InvalidDataException">The skeleton has a keypoint that the data set has not, and the manifest does not say so.</exception>
    internal Vector2[] Pick(IReadOnlyList<Vector2> points, Skeleton skeleton)
    {
        if (!ReferenceEquals(skeleton, lastSkeleton))
            (lastIndices, lastSkeleton) = ([.. skeleton.Keypoints.Select(Find)], skeleton);
        return Array.ConvertAll(lastIndices, k => k == Unlabelled ? new Vector2(float.NaN) : points[k]);
    }

    private int Find(string keypoint)
    {
        if (mapping.Unlabelled.Contains(keypoint))
            return Unlabelled;
        return indices.TryGetValue(keypoint, out int index) || indices.TryGetValue(mapping.Aliases.GetValueOrDefault(keypoint, keypoint), out index)
            ? index
            : throw new InvalidDataException(
                $"The skeleton has a keypoint '{keypoint}'; the data set has {string.Join(", ", names)}. In the manifest's reader, give 'aliases: {{ {keypoint}: … }}' one of those, or name it in 'unlabelled'.");
    }
}
