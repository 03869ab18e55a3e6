using KeypointMl.Data.Loading;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>
/// A stretch of training with its own steps and losses; the <see cref="Trainer"/> runs a run's phases one after the
/// other.
/// </summary>
public interface ITrainingPhase : IDisposable
{
    /// <summary>Which phase it is, for logs and checkpoints.</summary>
    TrainingPhase Phase { get; }

    /// <summary>The number of steps.</summary>
    long Steps { get; }

    /// <summary>Frames per step, or 0 where the phase needs none.</summary>
    int FramesPerStep { get; }

    /// <summary>Whether the phase trains Φ, so that evaluating it and drawing samples makes sense.</summary>
    bool TrainsDetector { get; }

    /// <summary>Steps that between them compute whatever the phase computes: a rehearsal goes through these.</summary>
    IReadOnlyList<long> TypicalSteps => [0];

    /// <summary>One step. Called inside a dispose scope.</summary>
    /// <param name="frames">The pair of frames, or null where <see cref="FramesPerStep"/> is 0.</param>
    /// <param name="step">0-based.</param>
    /// <returns>The losses by name, unweighted: float32 scalars without gradient, not read yet.</returns>
    /// <exception cref="TrainingDivergedException">A loss or a gradient is not finite (<see cref="DivergenceWatch"/>).</exception>
    IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step);

    /// <summary>Called when the last step is done.</summary>
    /// <returns>What is worth telling of it; null for nothing.</returns>
    string? Finish() => null;

    /// <summary>What a resumed phase needs beside the networks' weights.</summary>
    void Save(CheckpointTensors checkpoint);

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The checkpoint lacks a tensor or has another shape.</exception>
    void Load(CheckpointTensors checkpoint);
}
