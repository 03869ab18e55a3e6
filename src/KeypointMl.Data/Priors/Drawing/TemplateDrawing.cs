using System.Numerics;
using System.Security.Cryptography;
using KeypointMl.Data.Priors.Building;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors.Drawing;

/// <summary>
/// Draws prior poses of a template: every bone turns against the one that it hangs on, and stretches, within its range (forward
/// kinematics). Every pose is a function of the template, the seed and its number alone.
/// </summary>
public static class TemplateDrawing
{
    private const ulong Stream = 0x54454D504C; // "TEMPL"
    private const int AttemptsPerPose = 50;
    private const string OutOfFrame = "not in frame";

    /// <summary>Draws.</summary>
    /// <param name="template">The poses and ranges.</param>
    /// <param name="count">How many poses, at least 1.</param>
    /// <param name="seed">Of every draw.</param>
    /// <exception cref="InvalidDataException">
    /// A range is given for what is no bone, or hardly a pose lies in the crop: the message says what to do.
    /// </exception>
    public static BuiltPrior Draw(PoseTemplate template, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var tree = PoseTree.Of(template.Skeleton, template.Poses[0], template.Root);
        JointRange[] ranges = Ranges(template, tree);
        int[] flip = template.Skeleton.FlipPermutation();
        float unit = template.Fill * Math.Min(template.Width, template.Height)
            / template.Poses.Select((pose, i) => Diameter(pose, template.Path, i)).Average();
        var poses = new List<Vector2[]>(count);
        var ids = new List<string>(count);
        long attempts = 0;
        while (poses.Count < count)
        {
            if (attempts >= (long)AttemptsPerPose * count)
            {
                throw new InvalidDataException(
                    $"{template.Path}: of {attempts} drawn poses only {poses.Count} lie in the {template.Width}×{template.Height} crop. "
                    + "Draw them smaller (fill), or narrow the ranges.");
            }
            var random = new SeededRandom(seed, Stream, (ulong)attempts++);
            int source = random.Next(template.Poses.Count);
            Vector2[] pose = Bend(template, template.Poses[source], tree, ranges, flip, unit, ref random);
            if (pose.All(point => point.X >= 0 && point.Y >= 0 && point.X <= template.Width - 1 && point.Y <= template.Height - 1))
            {
                poses.Add(pose);
                ids.Add(FormattableString.Invariant($"{template.Name}#{source}"));
            }
        }
        return Make(template, poses, ids, seed, attempts);
    }

    private static Vector2[] Bend(
        PoseTemplate template, Vector2[] pose, PoseTree tree, JointRange[] ranges, int[] flip, float unit, ref SeededRandom random)
    {
        var bent = new Vector2[pose.Length];
        float[] turns = new float[pose.Length], lengths = new float[pose.Length];
        turns[tree.Root] = random.Uniform(-template.HeadingDegrees, template.HeadingDegrees);
        foreach (int k in tree.Order.Skip(1))
        {
            int parent = tree.Parents[k];
            turns[k] = turns[parent] + random.Uniform(ranges[k].Low, ranges[k].High);
            lengths[k] = 1 + random.Uniform(-ranges[k].Length, ranges[k].Length);
            // Both legs of one animal are about as long.
            if (template.Symmetric && flip[k] != k && lengths[flip[k]] > 0 && tree.Parents[flip[k]] == flip[parent])
                lengths[k] = lengths[flip[k]];
            bent[k] = bent[parent] + Turn(pose[k] - pose[parent], turns[k]) * lengths[k];
        }
        float scale = unit * (1 + random.Uniform(-template.Scale, template.Scale));
        Vector2 middle = (bent.Aggregate(Vector2.Min) + bent.Aggregate(Vector2.Max)) / 2;
        Vector2 centre = (new Vector2(template.Width, template.Height) - Vector2.One) / 2;
        return Array.ConvertAll(bent, point => (point - middle) * scale + centre);
    }

    private static Vector2 Turn(Vector2 vector, float degrees)
    {
        (float sin, float cos) = MathF.SinCos(degrees * (MathF.PI / 180));
        return new Vector2(cos * vector.X - sin * vector.Y, sin * vector.X + cos * vector.Y);
    }

    // By the keypoint at each bone's outer end.
    private static JointRange[] Ranges(PoseTemplate template, PoseTree tree)
    {
        Skeleton skeleton = template.Skeleton;
        JointRange[] ranges = [.. Enumerable.Repeat(template.Usual, skeleton.Count)];
        HashSet<int> given = [.. template.Joints.Keys.Select(Outer)];
        int[] flip = skeleton.FlipPermutation();
        foreach (((int From, int To) edge, JointRange range) in template.Joints)
        {
            int outer = Outer(edge);
            ranges[outer] = range;
            if (template.Symmetric && flip[outer] != outer && given.Add(flip[outer]))
                ranges[flip[outer]] = range.Mirrored();
        }
        return ranges;

        int Outer((int From, int To) edge)
        {
            if (tree.Parents[edge.To] == edge.From)
                return edge.To;
            if (tree.Parents[edge.From] == edge.To)
                return edge.From;
            IEnumerable<string> bones =
                tree.Order.Skip(1).Select(k => $"{skeleton.Keypoints[tree.Parents[k]]}-{skeleton.Keypoints[k]}");
            throw new InvalidDataException(
                $"{template.Path}: {skeleton.Keypoints[edge.From]}-{skeleton.Keypoints[edge.To]} is no bone. "
                + $"The bones are {string.Join(", ", bones)}.");
        }
    }

    private static float Diameter(Vector2[] pose, string path, int number)
    {
        float largest = pose.SelectMany(_ => pose, Vector2.Distance).Max();
        return largest > 0
            ? largest
            : throw new InvalidDataException($"{path}: pose {number} has all keypoints in one place; a template has at least two places.");
    }

    private static BuiltPrior Make(PoseTemplate template, List<Vector2[]> poses, List<string> ids, ulong seed, long attempts)
    {
        var rejected = new Dictionary<string, int>();
        if (attempts > poses.Count)
            rejected.Add(OutOfFrame, (int)(attempts - poses.Count));
        var provenance = new PriorProvenance
        {
            Recipe = template.Name,
            RecipeSha256 = Hash(template.Path),
            Seed = seed,
            Skeleton = template.Skeleton.Name,
            Width = template.Width,
            Height = template.Height,
            Poses = poses.Count,
            SourcePoses = template.Poses.Count,
            Drawn = attempts,
            Rejected = rejected,
            Sources = [.. template.Files.Select(file => new PriorSourceFile(Path.GetFileName(file), Hash(file)))],
        };
        return new BuiltPrior(
            new PosePrior(template.Skeleton, poses, template.Width, template.Height, template.Name), ids, provenance);
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
