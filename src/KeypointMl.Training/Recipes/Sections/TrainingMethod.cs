namespace KeypointMl.Training;

/// <summary>What a run trains with.</summary>
public enum TrainingMethod
{
    /// <summary><c>keypoint-gan</c>: the paper's method, from unlabelled frames and unpaired poses.</summary>
    KeypointGan,

    /// <summary><c>supervised</c>: the same Φ and η on the training frames' labels, the baseline to compare with.</summary>
    Supervised,
}
