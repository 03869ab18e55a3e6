using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Running;

/// <summary>How a call of <see cref="Trainer.Train"/> ended.</summary>
/// <param name="Finished">False if it was asked to stop; a checkpoint was written.</param>
/// <param name="Phase">The phase it ended in.</param>
/// <param name="Metrics">The averaged networks on all test frames, or null where the data set has none or training did not finish.</param>
/// <param name="Postprocessed">The supervised post-processing, where the recipe asks for it.</param>
/// <param name="Elapsed">Time spent training, over all resumptions.</param>
public sealed record TrainingResult(
    bool Finished, TrainingPhase Phase, KeypointMetrics? Metrics, PostprocessingResult? Postprocessed, TimeSpan Elapsed)
{
    /// <summary>Where it trained.</summary>
    public TrainingDevice Device { get; init; } = TrainingDevice.Cpu;
}
