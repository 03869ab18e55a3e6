using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>The annotations of one category of a COCO keypoints file, or of several with the same keypoints (<see href="https://cocodataset.org/#format-data"/>).</summary>
/// <param name="Path">The file.</param>
/// <param name="Skeleton">The category's keypoints and edges; named like the category, or like the file where there are several. Keypoints whose names differ in <c>left</c> and <c>right</c> alone are symmetric pairs.</param>
/// <param name="Annotations">In the file's order.</param>
public sealed record CocoKeypoints(string Path, Skeleton Skeleton, IReadOnlyList<CocoAnnotation> Annotations)
{
    /// <summary>Reads a file. The images are not looked at.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="category">The category's name, or its id; null for all that have keypoints, which must be the same ones. Categories without keypoints are passed over.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not COCO keypoints JSON, or larger than 1 GiB, 100 million values or 64 levels; the message names file and line, or the path of the element.</exception>
    public static CocoKeypoints Read(string path, string? category = null) => CocoReader.Read(path, category);

    /// <summary>The annotations as a table of poses.</summary>
    public PoseTable ToTable() => new(
        Path,
        Skeleton,
        [.. Annotations.Select(annotation => new PoseRow(annotation.FileName, annotation.Frame, annotation.Item, annotation.Keypoints, annotation.Confidence, annotation.Box, annotation.Where))]);
}
