namespace KeypointMl.Training;

/// <summary>The phases of a run, in their order; each counts its steps from 1.</summary>
public enum TrainingPhase
{
    /// <summary>η alone, on rendered prior poses.</summary>
    RegressorPretraining,

    /// <summary>A distillation's detector, generator and D in the subject's own frame of reference.</summary>
    Articulation,

    /// <summary>The run's result: Φ, Ψ, D and η together, on frames; or a baseline, or a distillation's student.</summary>
    Training,
}
