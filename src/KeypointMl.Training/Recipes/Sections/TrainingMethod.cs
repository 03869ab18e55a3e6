namespace KeypointMl.Training;

/// <summary>What a run trains with.</summary>
public enum TrainingMethod
{
    /// <summary><c>keypoint-gan</c>: the paper's method, from unlabelled frames and unpaired poses.</summary>
    KeypointGan,

    /// <summary><c>supervised</c>: a detector on the training frames' labels, the baseline to compare with.</summary>
    Supervised,

    /// <summary><c>imm</c>: landmarks without names by conditional image generation (Jakab and Gupta et al. 2018), with the supervised post-processing that names them.</summary>
    Imm,

    /// <summary><c>distillation</c>: a student of a run of <c>keypoint-gan</c>, by way of the articulation of its poses; what <c>keypointml distill</c> writes into its recipe.</summary>
    Distillation,
}
