using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary>
/// <c>student</c>: the second phase of <c>distill</c>: one small network, image → keypoints, that learns what the run,
/// with its articulation, sees in the training frames. It is what is exported.
/// </summary>
public sealed record StudentRecipe
{
    /// <summary>
    /// <c>size</c>: width and height of the student's images in pixels: 32, 64, 128 (the default) or 256, at least that
    /// of the run that is distilled.
    /// </summary>
    [AllowedValues(32, 64, 128, 256)]
    public int Size { get; init; } = 128;

    /// <summary><c>stride</c>: 2 or 4 (the default): how many times smaller than the image the heat maps are.</summary>
    [AllowedValues(2, 4)]
    public int Stride { get; init; } = 4;

    /// <summary>
    /// <c>width</c>: channels at the heat maps' size; default 10, at 128×128 pixels 23 % of the multiply–adds of the
    /// preset <c>cpu-64</c>'s detector at 64×64.
    /// </summary>
    [Range(1, 512)]
    public int Width { get; init; } = 10;

    /// <summary><c>steps</c>; default 2000.</summary>
    [Range(1, 100_000_000)]
    public int Steps { get; init; } = 2000;

    /// <summary><c>batch</c>; default 16.</summary>
    [Range(1, 1024)]
    public int Batch { get; init; } = 16;

    /// <summary><c>learning_rate</c>; default 2e-3.</summary>
    [Range(1e-8, 1)]
    public double LearningRate { get; init; } = 2e-3;

    /// <summary><c>betas</c>: Adam's decay rates of the first and second moment; default [0.9, 0.999].</summary>
    [Range(0, 0.999999)]
    public NumberPair Betas { get; init; } = new(0.9, 0.999);

    /// <summary><c>decay_from</c>: the fraction of the steps after which the rate falls linearly to 0; default 0.5.</summary>
    [Range(0, 1)]
    public double DecayFrom { get; init; } = 0.5;

    /// <summary><c>augmentation</c> of its images: wherever the subject may be and head; default 20°, shift 0.05, scale 0.1.</summary>
    public AugmentationRecipe Augmentation { get; init; } = new() { RotationDegrees = 20, Shift = 0.05, Scale = 0.1 };

    /// <summary>
    /// <c>agreement</c>: what a frame and its mirror image are seen to differ by, as a fraction of the frame, at which
    /// a keypoint counts e⁻¹ as much; default 0.1. Without left and right all count alike.
    /// </summary>
    [Range(1e-4, 10)]
    public double Agreement { get; init; } = 0.1;

    /// <summary>
    /// <c>held_back</c>: the share of the training frames that neither the articulation nor the student sees: on them
    /// confidences are calibrated, by what several looks at a frame differ by. Of many clips some whole ones, of few
    /// the end of each; default 0.1, and 0 for none.
    /// </summary>
    [Range(0, 0.5)]
    public double HeldBack { get; init; } = 0.1;

    /// <summary><c>teacher_size</c>: width and height of the images of the run that is distilled; <c>distill</c> writes it.</summary>
    [AllowedValues(32, 64, 128, 256)]
    public int TeacherSize { get; init; } = 64;

    /// <summary>
    /// <c>teacher</c>: which run is distilled: its recipe's name, the SHA-256 of that recipe, and the step of its
    /// checkpoint; <c>distill</c> writes it.
    /// </summary>
    public string? Teacher { get; init; }
}
