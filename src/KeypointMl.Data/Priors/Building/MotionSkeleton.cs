using System.Numerics;

namespace KeypointMl.Data.Priors.Building;

/// <summary>The joints of a motion source: their names, and the tree that they make.</summary>
internal sealed class MotionSkeleton
{
    private readonly int[] mirror;

    /// <param name="names">The joints' names, parents before children.</param>
    /// <param name="parents">The parent of each, −1 for a root.</param>
    internal MotionSkeleton(IReadOnlyList<string> names, IReadOnlyList<int> parents)
    {
        Names = names;
        Parents = parents;
        mirror = [.. names.Select((name, j) => names.ToList().IndexOf(MirrorName(name)) is int other and >= 0 ? Math.Min(j, other) : j)];
        Order = [.. Enumerable.Range(0, names.Count).OrderBy(Depth)];
    }

    internal IReadOnlyList<string> Names { get; }

    internal IReadOnlyList<int> Parents { get; }

    /// <summary>The joints with parents before children.</summary>
    internal IReadOnlyList<int> Order { get; }

    /// <summary>
    /// The same pose with every bone longer or shorter by a factor of its own, 1 + a normal number of the given
    /// deviation (within ± 2.5 of them); left and right bones have the same.
    /// </summary>
    internal Vector3[] WithJitteredBones(Vector3[] joints, float deviation, ref SeededRandom random)
    {
        var factors = new float[Names.Count];
        for (int j = 0; j < factors.Length; j++)
            factors[j] = 1 + deviation * Math.Clamp(random.Gaussian(), -2.5f, 2.5f);
        var moved = new Vector3[joints.Length];
        foreach (int j in Order)
            moved[j] = Parents[j] < 0 ? joints[j] : moved[Parents[j]] + (joints[j] - joints[Parents[j]]) * factors[mirror[j]];
        return moved;
    }

    private int Depth(int joint)
    {
        int depth = 0;
        for (; Parents[joint] >= 0; joint = Parents[joint])
            depth++;
        return depth;
    }

    private static string MirrorName(string name) =>
        name.StartsWith("l_", StringComparison.Ordinal) ? $"r_{name[2..]}"
        : name.StartsWith("r_", StringComparison.Ordinal) ? $"l_{name[2..]}"
        : name.EndsWith("_L", StringComparison.Ordinal) ? $"{name[..^2]}_R"
        : name.EndsWith("_R", StringComparison.Ordinal) ? $"{name[..^2]}_L"
        : name.Contains("Left", StringComparison.Ordinal) ? name.Replace("Left", "Right", StringComparison.Ordinal)
        : name.Replace("Right", "Left", StringComparison.Ordinal);
}

/// <summary>A 3D pose of a motion, y up.</summary>
/// <param name="Id">Where it came from: a file and a frame.</param>
/// <param name="Joints">A point per joint of its <see cref="MotionSkeleton"/>, in any unit.</param>
/// <param name="Skeleton">The joints.</param>
internal sealed record MotionFrame(string Id, Vector3[] Joints, MotionSkeleton Skeleton);
