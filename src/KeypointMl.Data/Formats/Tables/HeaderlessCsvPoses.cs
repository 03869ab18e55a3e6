using System.Numerics;
using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Tables;

/// <summary>
/// Poses as CSV without a header line: an image, then x and y of each keypoint in an order that one has to know. A
/// coordinate below 0 is a missing point.
/// </summary>
internal static class HeaderlessCsvPoses
{
    internal static PoseTable Read(string path, IReadOnlyList<string> keypoints)
    {
        var skeleton = new Skeleton(Path.GetFileNameWithoutExtension(path), [.. keypoints], []);
        string[] lines = TextNumbers.Lines(path);
        var rows = new List<PoseRow>();
        for (int line = 1; line <= lines.Length; line++)
        {
            if (lines[line - 1].Trim().Length == 0)
                continue;
            // Where semicolons separate the values, a comma is a decimal sign.
            bool commas = !lines[line - 1].Contains(';');
            string[] values = lines[line - 1].Split(commas ? ',' : ';');
            if (values.Length != 1 + 2 * keypoints.Count)
                throw TextNumbers.Error(path, line, $"{values.Length} values; expected an image and {keypoints.Count} points");
            float[] numbers = [.. values.Skip(1)
                .Select(value => TextNumbers.Finite(commas ? value.Trim() : value.Trim().Replace(',', '.'), path, line))];
            Vector2[] points = [.. Enumerable.Range(0, keypoints.Count)
                .Select(k => numbers[2 * k] < 0 || numbers[2 * k + 1] < 0
                    ? new Vector2(float.NaN)
                    : new Vector2(numbers[2 * k], numbers[2 * k + 1]))];
            rows.Add(new PoseRow(values[0].Trim(), 0, "", points, null, null, $"{path}:{line}"));
        }
        return rows.Count > 0 ? new PoseTable(path, skeleton, rows) : throw new InvalidDataException($"{path}:1: the file has no pose.");
    }
}
