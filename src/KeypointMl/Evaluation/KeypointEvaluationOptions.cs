using System.Numerics;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Evaluation;

/// <summary>
/// What <see cref="KeypointCatalog.Evaluate"/> needs beside the two columns. Either both of <see cref="ImageWidth"/>
/// and <see cref="ImageHeight"/> are given, or <see cref="ImageColumnName"/>.
/// </summary>
public sealed record KeypointEvaluationOptions
{
    /// <summary>The width in pixels of the images that the coordinates refer to, the same for all rows.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>The height in pixels of the images that the coordinates refer to, the same for all rows.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>
    /// A column that tells each row's size: of images, or of vectors of two numbers (width, height). Rows of another
    /// size than the first row's are scaled until their larger sides are equal, so that errors are in percent of each
    /// image's own size.
    /// </summary>
    public string? ImageColumnName { get; init; }

    /// <summary>
    /// A column of K confidences, for the errors of the surer predictions (<see cref="KeypointMetrics.Confidence"/>);
    /// null where the predicted column has its own (K×3), or none is wanted.
    /// </summary>
    public string? ConfidenceColumnName { get; init; }

    /// <summary>A text column with the group of each row (an activity, a video), for per-group errors; null for none.</summary>
    public string? GroupColumnName { get; init; }

    /// <summary>
    /// A text column with what each row was drawn with, such as its video: confidence intervals resample these as a
    /// whole. Null: each row is on its own.
    /// </summary>
    public string? ClusterColumnName { get; init; }

    /// <summary>
    /// A column of vectors of two numbers: how many pixels of the original crop a pixel of the row's image is, along x
    /// and y. With it the error is told in those pixels too. Null: it is not.
    /// </summary>
    public string? SourceScaleColumnName { get; init; }

    /// <summary>Names the keypoints; null to take the skeleton that <c>DetectKeypoints</c> attached to the predicted column.</summary>
    public Skeleton? Skeleton { get; init; }

    /// <summary>How errors are measured.</summary>
    public MetricProtocol Protocol { get; init; } = new(NormalizingKeypoints: null, "error in percent of the image's size");

    /// <summary>Prior poses in pixels of the first row's image, for the mean-pose and random-pose baselines; null for none.</summary>
    public IReadOnlyList<Vector2[]>? PriorPoses { get; init; }

    /// <summary>Seed of the random-pose baseline.</summary>
    public int Seed { get; init; }
}
