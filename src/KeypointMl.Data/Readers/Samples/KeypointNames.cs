using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>The names that a data set has for its points, in its order; a manifest's skeleton picks among them by name, through <c>aliases</c> where its names are others.</summary>
internal sealed class KeypointNames(IReadOnlyList<string> names, IReadOnlyDictionary<string, string> aliases)
{
    private readonly Dictionary<string, int> indices = names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
    private Skeleton? lastSkeleton;
    private int[] lastIndices = [];

    internal int Count => names.Count;

    /// <summary>Reads the key <c>aliases</c>: a mapping of a skeleton's names to the data set's.</summary>
    internal static IReadOnlyDictionary<string, string> ParseAliases(YamlSection section) => section.Optional("aliases")?.AsSection() is not YamlSection aliases
        ? new Dictionary<string, string>()
        : aliases.Keys.ToDictionary(key => key, key => aliases.Required(key).AsString(), StringComparer.Ordinal);

    /// <summary>The points of a skeleton, picked by name.</summary>
    /// <exception cref="InvalidDataException">The skeleton has a keypoint that the data set has not.</exception>
    internal Vector2[] Pick(IReadOnlyList<Vector2> points, Skeleton skeleton)
    {
        if (!ReferenceEquals(skeleton, lastSkeleton))
            (lastIndices, lastSkeleton) = ([.. skeleton.Keypoints.Select(Find)], skeleton);
        return Array.ConvertAll(lastIndices, k => points[k]);
    }

    private int Find(string keypoint) => indices.TryGetValue(aliases.GetValueOrDefault(keypoint, keypoint), out int index)
        ? index
        : throw new InvalidDataException($"The skeleton has a keypoint '{keypoint}'; the data set has {string.Join(", ", names)}. Choose among those, or give 'aliases: {{ {keypoint}: … }}' in the manifest's reader.");
}
