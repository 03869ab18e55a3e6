using System.Collections.Immutable;
using System.Numerics;
using System.Text.RegularExpressions;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors.Sources;

/// <summary>What a file of poses does not say of its skeleton, guessed: left/right pairs by names, edges by the poses.</summary>
internal static partial class SkeletonGuess
{
    // Edges whose length changes are less likely bones; those from one side of a body to the other too.
    private const float VariesWeighs = 2;
    private const float AcrossWeighs = 1.5f;

    /// <summary>The skeleton with pairs and edges.</summary>
    /// <param name="known">What the file says.</param>
    /// <param name="poses">Poses of it; those that lack a point do not count.</param>
    /// <param name="note">Is told what was guessed.</param>
    internal static Skeleton Complete(Skeleton known, IReadOnlyList<Vector2[]> poses, Action<string> note)
    {
        ImmutableArray<(int Left, int Right)> pairs = known.SymmetricPairs;
        if (pairs.IsEmpty && (pairs = PairsByName(known.Keypoints)).Length > 0)
        {
            note("left and right were guessed by the keypoints' names: "
                + string.Join(", ", pairs.Select(pair => $"{known.Keypoints[pair.Left]}/{known.Keypoints[pair.Right]}")));
        }
        ImmutableArray<SkeletonEdge> edges = known.Edges;
        if (edges.IsEmpty && known.Count > 1)
        {
            edges = Tree(new Skeleton(known.Name, known.Keypoints, [], pairs), poses);
            note("edges were guessed, as the shortest tree over the poses that joins all keypoints by lines of steady length: "
                + string.Join(", ", edges.Select(edge => $"{known.Keypoints[edge.From[0]]}-{known.Keypoints[edge.To[0]]}")));
        }
        return new Skeleton(known.Name, known.Keypoints, edges, pairs, known.Groups);
    }

    /// <summary>
    /// Pairs of names that differ in left and right alone: <c>left_ear</c>, <c>l_ear</c>, <c>earL</c>, <c>LEar</c>, <c>legL4</c>.
    /// </summary>
    internal static ImmutableArray<(int Left, int Right)> PairsByName(ImmutableArray<string> names)
    {
        var pairs = ImmutableArray.CreateBuilder<(int, int)>();
        var taken = new HashSet<int>();
        for (int left = 0; left < names.Length; left++)
        {
            int right = Mirrored(names[left]).Select(name => names.IndexOf(name)).FirstOrDefault(index => index >= 0, -1);
            if (right >= 0 && right != left && !taken.Contains(left) && taken.Add(right))
            {
                taken.Add(left);
                pairs.Add((left, right));
            }
        }
        return pairs.ToImmutable();
    }

    /// <summary>
    /// The minimum spanning tree over the keypoints by the mean of their distance and twice its standard deviation, poses scaled to
    /// one size. Keypoints in the middle of the body are joined first, and what joins a keypoint joins its mirror image likewise.
    /// </summary>
    internal static ImmutableArray<SkeletonEdge> Tree(Skeleton skeleton, IReadOnlyList<Vector2[]> poses)
    {
        float[,] weights = Weights(skeleton, [.. poses.Where(pose => pose.All(point => float.IsFinite(point.X + point.Y)))]);
        int[] flip = skeleton.FlipPermutation();
        int[] middle = [.. Enumerable.Range(0, skeleton.Count).Where(k => flip[k] == k)];
        var edges = ImmutableArray.CreateBuilder<SkeletonEdge>();
        HashSet<int> joined = [middle.Length > 0 ? middle[0] : 0];
        Join(middle);
        Join([.. Enumerable.Range(0, skeleton.Count)]);
        return edges.ToImmutable();

        void Join(int[] some)
        {
            while (some.Any(k => !joined.Contains(k)))
            {
                (int from, int to) = (
                    from one in joined
                    from other in some
                    where !joined.Contains(other)
                    orderby weights[one, other], one, other
                    select (one, other)).First();
                joined.Add(to);
                edges.Add(new SkeletonEdge(from, to));
                if (joined.Contains(flip[from]) && joined.Add(flip[to]))
                    edges.Add(new SkeletonEdge(flip[from], flip[to]));
            }
        }
    }

    private static float[,] Weights(Skeleton skeleton, Vector2[][] poses)
    {
        int count = skeleton.Count;
        float[,] plain = new float[count, count], weights = new float[count, count];
        float[] sizes =
        [
            .. poses.Select(pose => MathF.Max(1e-6f, Vector2.Distance(pose.Aggregate(Vector2.Min), pose.Aggregate(Vector2.Max)))),
        ];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                float[] lengths = [.. poses.Select((pose, n) => Vector2.Distance(pose[i], pose[j]) / sizes[n])];
                float mean = lengths.Length == 0 ? 0 : lengths.Average();
                float spread = lengths.Length == 0 ? 0 : MathF.Sqrt(lengths.Average(length => (length - mean) * (length - mean)));
                plain[i, j] = mean + VariesWeighs * spread;
            }
        }
        int[] flip = skeleton.FlipPermutation();
        HashSet<int> left = [.. skeleton.SymmetricPairs.Select(pair => pair.Left)];
        HashSet<int> right = [.. skeleton.SymmetricPairs.Select(pair => pair.Right)];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                bool isAcross = (left.Contains(i) && right.Contains(j)) || (right.Contains(i) && left.Contains(j));
                weights[i, j] = (plain[i, j] + plain[flip[i], flip[j]]) / 2 * (isAcross ? AcrossWeighs : 1);
            }
        }
        return weights;
    }

    private static IEnumerable<string> Mirrored(string name)
    {
        foreach ((string left, string right) in new[] { ("left", "right"), ("Left", "Right"), ("LEFT", "RIGHT") })
        {
            if (name.Contains(left, StringComparison.Ordinal))
                yield return name.Replace(left, right, StringComparison.Ordinal);
        }
        foreach (Match match in LetterRegex().Matches(name))
            yield return $"{name[..match.Index]}{(match.Value == "l" ? 'r' : 'R')}{name[(match.Index + 1)..]}";
    }

    // A letter of its own (l_ear, ear.L, LEar, L1), or a capital at the end of a small word (earL, legL4).
    [GeneratedRegex("(?<![A-Za-z])[lL](?![a-z])|(?<=[a-z])L(?![a-z])")]
    private static partial Regex LetterRegex();
}
