using System.Numerics;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors.Building;

/// <summary>
/// Retargets a motion to a skeleton: for each keypoint a joint, the mean of several (<c>pelvis: [UpperLeg_L,
/// UpperLeg_R]</c>), or a point on the line through two joints (<c>head_top: { from: Neck, through: Head, times: 2.2
/// }</c>: from + times·(through − from)). A keypoint that is not mentioned is the joint of its own name.
/// </summary>
internal sealed class JointMap
{
    private sealed record Rule(IReadOnlyList<string> Mean, string? From, string? Through, float Times, string Where);

    private readonly Skeleton skeleton;
    private readonly Rule[] rules;
    private MotionSkeleton? resolvedFor;
    private (int[] Mean, int From, int Through, float Times)[] resolved = [];

    private JointMap(Skeleton skeleton, Rule[] rules)
    {
        this.skeleton = skeleton;
        this.rules = rules;
    }

    internal static JointMap Parse(YamlSection? section, Skeleton skeleton, string file)
    {
        Rule[] rules = [.. skeleton.Keypoints.Select(name => section?.Optional(name) is YamlValue value
            ? ParseRule(value)
            : new Rule([name], null, null, 0, $"{file}: keypoint '{name}'"))];
        section?.RejectUnknownKeys();
        return new JointMap(skeleton, rules);
    }

    /// <summary>A point per keypoint of the skeleton.</summary>
    internal Vector3[] Apply(Vector3[] joints, MotionSkeleton motion)
    {
        if (!ReferenceEquals(motion, resolvedFor))
            (resolved, resolvedFor) = ([.. rules.Select(rule => Resolve(rule, motion))], motion);
        var points = new Vector3[skeleton.Count];
        for (int k = 0; k < points.Length; k++)
        {
            (int[] mean, int from, int through, float times) = resolved[k];
            if (from >= 0)
            {
                points[k] = joints[from] + times * (joints[through] - joints[from]);
                continue;
            }
            foreach (int j in mean)
                points[k] += joints[j];
            points[k] /= mean.Length;
        }
        return points;
    }

    private static Rule ParseRule(YamlValue value)
    {
        if (!value.IsSection)
            return new Rule(value.IsList ? value.AsStrings() : [value.AsString()], null, null, 0, value.Where);
        YamlSection line = value.AsSection();
        var rule = new Rule([], line.Required("from").AsString(), line.Required("through").AsString(),
            line.Required("times").AsSingle(-10, 10), value.Where);
        line.RejectUnknownKeys();
        return rule;
    }

    private static (int[] Mean, int From, int Through, float Times) Resolve(Rule rule, MotionSkeleton motion)
    {
        return rule.From is null
            ? ([.. rule.Mean.Select(Find)], -1, -1, 0)
            : ([], Find(rule.From), Find(rule.Through!), rule.Times);

        int Find(string joint)
        {
            for (int j = 0; j < motion.Names.Count; j++)
            {
                if (motion.Names[j] == joint)
                    return j;
            }
            throw new InvalidDataException(
                $"{rule.Where}: the motion has no joint '{joint}'; it has {string.Join(", ", motion.Names.Take(40))}. "
                + "Say in 'joints' which of them it is.");
        }
    }
}
