using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Rows;

/// <summary>
/// What scoring says about one subject of one frame: its keypoints, or why there are none. Every frame of the input
/// gives at least one row, but for frames that a boxes file has no box for.
/// </summary>
public sealed record PredictionRow
{
    /// <summary>The image or video, as in <see cref="InputFile.Name"/>.</summary>
    public required string Source { get; init; }

    /// <summary>0-based number of the frame in the video; 0 for a still image.</summary>
    public required long Frame { get; init; }

    /// <summary>Which subject of the frame (the boxes file's <c>track</c>); empty without a boxes file.</summary>
    public string Item { get; init; } = "";

    /// <summary>
    /// The part of the frame that was given to the detector, in the frame's pixels; null where the frame could not be
    /// read and no boxes file says.
    /// </summary>
    public Box? Box { get; init; }

    /// <summary>Why there are no keypoints; null where there are.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// K points in pixels of the whole frame, in the order of the skeleton; NaN where <see cref="ConfidenceThreshold"/>
    /// took one away; empty where it failed.
    /// </summary>
    public ReadOnlyMemory<Vector2> Keypoints { get; init; }

    /// <summary>
    /// K points without place and size, where <see cref="NormalizedPoses"/> is among the steps; NaN where that is not
    /// defined; empty without the step and where it failed.
    /// </summary>
    public ReadOnlyMemory<Vector2> Normalized { get; init; }

    /// <summary>K values in [0,1]; empty where it failed.</summary>
    public ReadOnlyMemory<float> Confidence { get; init; }

    /// <summary>Width of the whole frame in pixels; 0 where it could not be read.</summary>
    public int FrameWidth { get; init; }

    /// <summary>Height of the whole frame in pixels; 0 where it could not be read.</summary>
    public int FrameHeight { get; init; }

    /// <summary>By how much the numbers of scored frames of its video differ.</summary>
    internal int FrameStep { get; init; } = 1;

    /// <summary>Whether there are keypoints.</summary>
    public PredictionStatus Status => Error is null ? PredictionStatus.Ok : PredictionStatus.Failed;

    /// <summary>The status as it is written: <c>ok</c> or <c>failed</c>.</summary>
    public string StatusText => Error is null ? "ok" : "failed";
}

/// <summary>What became of one item of the input.</summary>
public enum PredictionStatus
{
    /// <summary><c>ok</c>: it has keypoints.</summary>
    Ok,

    /// <summary><c>failed</c>: it has none, and <see cref="PredictionRow.Error"/> says why.</summary>
    Failed,
}

/// <summary>A row with the whole frame that it is of.</summary>
/// <param name="Row">The row.</param>
/// <param name="Picture">The frame; null where nobody wants it or it could not be read.</param>
internal readonly record struct ScoredRow(PredictionRow Row, RgbImage? Picture);
