namespace KeypointMl.Training;

/// <summary>The phases of a run, in their order; each counts its steps from 1.</summary>
public enum TrainingPhase
{
    /// <summary>η alone, on rendered prior poses.</summary>
    RegressorPretraining,

    /// <summary>Φ, Ψ, D and η together, on frames.</summary>
    Training,
}
