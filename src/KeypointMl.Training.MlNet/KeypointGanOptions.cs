using KeypointMl.Detection;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using Microsoft.ML;

namespace KeypointMl.Training.MlNet;

/// <summary>What a <see cref="KeypointGanEstimator"/> learns from, and how.</summary>
public sealed record KeypointGanOptions
{
    /// <summary>
    /// Networks, losses, steps, and the size to which frames are cropped and resized; the preset <c>cpu-64</c> by
    /// default. Where its <c>training.device</c> is <c>auto</c>, <see cref="MLContext.GpuDeviceId"/> and
    /// <see cref="MLContext.FallbackToCpu"/> say on which GPU to train, as they do for transforms.
    /// </summary>
    public Recipe Recipe { get; init; } = Presets.Cpu64;

    /// <summary>The frames: a column of images, of file paths, or of encoded images.</summary>
    public string ImageColumnName { get; init; } = "Image";

    /// <summary>
    /// Which part of each frame to look at: a vector of x, y, width, height in its pixels; null for all of it.
    /// Detection will want such a column too.
    /// </summary>
    public string? BoxColumnName { get; init; }

    /// <summary>Text that says which video a frame is of: pairs of frames are drawn from one video.</summary>
    public string VideoColumnName { get; init; } = "Video";

    /// <summary>Text that says which subject of the video a row shows, where there are several; null where there is one.</summary>
    public string? ItemColumnName { get; init; }

    /// <summary>A whole number by which the frames of a video are in order of time.</summary>
    public string FrameColumnName { get; init; } = "Frame";

    /// <summary>The unpaired poses; needed here or in the call of <see cref="KeypointGanEstimator.Train"/>.</summary>
    public IDataView? Prior { get; init; }

    /// <summary>
    /// The prior's column of K×2 finite floats: x, y in pixels of an image of
    /// <see cref="PriorWidth"/>×<see cref="PriorHeight"/>, in which most points must lie.
    /// </summary>
    public string PoseColumnName { get; init; } = "Pose";

    /// <summary>
    /// Width in pixels of the image that the poses' coordinates refer to; null for what their column says, as that of
    /// <c>LoadPriorFromManifest</c> does, and where it says nothing for the recipe's size.
    /// </summary>
    public int? PriorWidth { get; init; }

    /// <summary>Height in pixels of that image; null as for the width.</summary>
    public int? PriorHeight { get; init; }

    /// <summary>Names the K keypoints and the edges that β draws; null to take the skeleton that the prior's column says.</summary>
    public Skeleton? Skeleton { get; init; }

    /// <summary>
    /// Labelled frames to measure on, with the columns of the frames and <see cref="LabelColumnName"/>; they never
    /// influence training. Null for none.
    /// </summary>
    public IDataView? Test { get; init; }

    /// <summary>The test frames' true keypoints: K×2 floats in pixels of the image; NaN where not labelled.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>How the error on the test frames is measured.</summary>
    public MetricProtocol Protocol { get; init; } = new(
        NormalizingKeypoints: null, "test frames of the ML.NET pipeline, error in percent of the crop's size");

    /// <summary>The column of keypoints that the fitted transformer adds.</summary>
    public string OutputColumnName { get; init; } = "Keypoints";

    /// <summary>How the fitted transformer runs. Its box column is <see cref="BoxColumnName"/>.</summary>
    public KeypointDetectionOptions Detection { get; init; }

    /// <summary>Told about every step; null for silence. It stays the caller's to dispose of.</summary>
    public ITrainingProgress? Progress { get; init; }

    /// <summary>Asks to stop. With a <see cref="RunFolder"/> a checkpoint is written first, and the next fit goes on from there.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// Where recipe, log, checkpoints, pictures and models are written. A run of the same recipe and the same data that is
    /// there already is gone on with. Null: a temporary folder, deleted after the fit, but kept and named in the exception
    /// where something fails behind a checkpoint of the training.
    /// </summary>
    public string? RunFolder { get; init; }

    /// <summary>
    /// The most bytes that the frames, those of <see cref="Test"/> included, may take when they are cropped and resized,
    /// 4 GiB by default: they are all held in memory.
    /// </summary>
    public long MemoryBytes { get; init; } = 4L << 30;
}
