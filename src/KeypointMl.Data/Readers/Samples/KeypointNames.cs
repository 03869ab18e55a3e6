using System.Numerics;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>The names that a data set has for its points, in its order; a manifest's skeleton picks among them by name.</summary>
internal sealed class KeypointNames(IReadOnlyList<string> names, KeypointMapping mapping)
{
    private const int Unlabelled = -1;

    private readonly Dictionary<string, int> indices =
        names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
    private Skeleton? lastSkeleton;
    private int[] lastIndices = [];

    internal int Count => names.Count;

    /// <summary>The points of a skeleton, picked by name; NaN for those that the data set does not label.</summary>
    /// <exception cref="InvalidDataException">
    /// The skeleton has a keypoint that the data set has not, and the manifest does not say so.
    /// </exception>
    internal Vector2[] Pick(IReadOnlyList<Vector2> points, Skeleton skeleton)
    {
        if (!ReferenceEquals(skeleton, lastSkeleton))
            (lastIndices, lastSkeleton) = ([.. skeleton.Keypoints.Select(Find)], skeleton);
        return Array.ConvertAll(lastIndices, k => k == Unlabelled ? new Vector2(float.NaN) : points[k]);
    }

    /// <summary>Which points a skeleton names; all, where it names none of them.</summary>
    internal int[] NamedBy(Skeleton? skeleton)
    {
        int[] named = [.. (skeleton?.Keypoints ?? []).Select(IndexOf).OfType<int>().Where(index => index != Unlabelled)];
        return named.Length > 0 ? named : [.. Enumerable.Range(0, names.Count)];
    }

    private int? IndexOf(string keypoint)
    {
        if (mapping.Unlabelled.Contains(keypoint))
            return Unlabelled;
        return indices.TryGetValue(keypoint, out int index)
            || indices.TryGetValue(mapping.Aliases.GetValueOrDefault(keypoint, keypoint), out index)
            ? index
            : null;
    }

    private int Find(string keypoint) => IndexOf(keypoint)
        ?? throw new InvalidDataException(
            $"The skeleton has a keypoint '{keypoint}'; the data set has {string.Join(", ", names)}. "
            + $"In the manifest's reader, give 'aliases: {{ {keypoint}: … }}' one of those, or name it in 'unlabelled'.");
}

/// <summary>How a skeleton's names meet a data set's.</summary>
/// <param name="Aliases">For a skeleton's keypoint that the data set lacks, the data set's name.</param>
/// <param name="Unlabelled">Keypoints that the data set does not label: they are learned from the prior alone, and not scored.</param>
internal sealed record KeypointMapping(IReadOnlyDictionary<string, string> Aliases, IReadOnlySet<string> Unlabelled)
{
    /// <summary>Reads the keys <c>aliases</c> (a mapping) and <c>unlabelled</c> (a list).</summary>
    internal static KeypointMapping Parse(YamlSection section)
    {
        YamlSection? aliases = section.Optional("aliases")?.AsSection();
        return new KeypointMapping(
            aliases?.Keys.ToDictionary(key => key, key => aliases.Required(key).AsString(), StringComparer.Ordinal) ?? [],
            section.Optional("unlabelled")?.AsStrings().ToHashSet() ?? []);
    }
}
