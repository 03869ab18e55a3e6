using System.Numerics;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors.Building;

/// <summary>
/// Which projected poses are kept: <c>in_frame</c> (no point outside of the camera's image) and <c>upright: { bottom,
/// top, degrees }</c> (the line from the mean of some keypoints to that of others is at most so far from vertical).
/// </summary>
internal sealed record PriorFilters(bool InFrame, int[] Bottom, int[] Top, float Degrees)
{
    internal static PriorFilters Parse(YamlSection? section, Skeleton skeleton, bool hasCamera)
    {
        YamlValue? given = section?.Optional("in_frame");
        if (!hasCamera)
            given?.Complain("labels of a data set are seen by no camera whose image they could leave; leave the key out");
        bool inFrame = given?.AsBoolean() ?? true;
        var filters = new PriorFilters(inFrame, [], [], 180);
        if (section?.Optional("upright")?.AsSection() is YamlSection upright)
        {
            filters = filters with
            {
                Bottom = Indices(upright.Required("bottom")),
                Top = Indices(upright.Required("top")),
                Degrees = upright.Required("degrees").AsSingle(0, 180),
            };
            upright.RejectUnknownKeys();
        }
        section?.RejectUnknownKeys();
        return filters;

        int[] Indices(YamlValue names) => [.. (names.IsList ? names.AsList() : [names]).Select(name => name.AsIndexIn(skeleton))];
    }

    /// <summary>Why a pose is left out, or null where it is kept.</summary>
    /// <param name="pose">In widths of the image; null where a point was behind the camera.</param>
    internal string? Reject(Vector2[]? pose)
    {
        if (pose is null || (InFrame && pose.Any(point => MathF.Abs(point.X) > 0.5f || MathF.Abs(point.Y) > 0.5f)))
            return "not in frame";
        return IsUpright(pose) ? null : "not upright";
    }

    internal bool IsUpright(Vector2[] pose)
    {
        if (Bottom.Length == 0)
            return true;
        Vector2 line = Mean(pose, Top) - Mean(pose, Bottom);
        return MathF.Abs(MathF.Atan2(line.X, -line.Y)) <= Degrees * (MathF.PI / 180);
    }

    private static Vector2 Mean(
        Vector2[] pose, int[] keypoints) => keypoints.Aggregate(Vector2.Zero, (sum, k) => sum + pose[k]) / keypoints.Length;
}
