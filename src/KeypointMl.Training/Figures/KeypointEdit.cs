using System.Globalization;
using System.Numerics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Training.Figures;

/// <summary>Keypoints that are moved together.</summary>
/// <param name="Title">What a column of the figure is called.</param>
/// <param name="Keypoints">0-based indices.</param>
/// <param name="Shift">By how much, in percent of the frame; x right, y down.</param>
internal sealed record KeypointEdit(string Title, IReadOnlyList<int> Keypoints, Vector2 Shift)
{
    private const int DefaultEdits = 3;
    private static readonly Vector2 DefaultShift = new(0, -10);

    /// <summary>
    /// Reads <c>NAME=DX,DY</c>: the name of a keypoint or of a group of keypoints, and the shift in percent of the
    /// frame: <c>left_wrist=0,-15</c>.
    /// </summary>
    /// <exception cref="ArgumentException">It is not of that form, or the skeleton has no such name.</exception>
    public static KeypointEdit Parse(string text, Skeleton skeleton)
    {
        string[] parts = text.Split('=', ',');
        if (parts.Length != 3 || !Number(parts[1], out float x) || !Number(parts[2], out float y))
        {
            throw new ArgumentException(
                $"'{text}' moves nothing; expected NAME=DX,DY with a shift in percent of the frame, such as "
                + $"{skeleton.Keypoints[0]}=0,-10.");
        }
        int[]? keypoints = skeleton.Groups.FirstOrDefault(group => group.Name == parts[0]) is { } found ? [.. found.Keypoints]
            : skeleton.Keypoints.IndexOf(parts[0]) is >= 0 and int index ? [index] : null;
        if (keypoints is null)
        {
            string groups = skeleton.Groups.Length == 0
                ? ""
                : $", its groups {string.Join(", ", skeleton.Groups.Select(group => group.Name))}";
            throw new ArgumentException(
                $"Skeleton '{skeleton.Name}' has no '{parts[0]}'; its keypoints are {string.Join(", ", skeleton.Keypoints)}{groups}.");
        }
        return new KeypointEdit(text, keypoints, new Vector2(x, y));
    }

    /// <summary>The first groups of a skeleton, or its first keypoints where it has none, each moved upwards.</summary>
    public static IReadOnlyList<KeypointEdit> Defaults(Skeleton skeleton)
    {
        IEnumerable<string> names = skeleton.Groups.Length > 0 ? skeleton.Groups.Select(group => group.Name) : skeleton.Keypoints;
        return [.. names.Take(DefaultEdits)
            .Select(name => Parse(FormattableString.Invariant($"{name}={DefaultShift.X},{DefaultShift.Y}"), skeleton))];
    }

    private static bool Number(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
}
