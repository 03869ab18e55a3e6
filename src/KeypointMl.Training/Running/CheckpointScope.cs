using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;

namespace KeypointMl.Training.Running;

/// <summary>A checkpoint that is open until its phase has taken what it needs.</summary>
internal sealed class CheckpointScope : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly CheckpointTensors? tensors;

    public CheckpointScope(CheckpointFile? file, ITrainedModel model)
    {
        if (file is null)
            return;
        tensors = TrainingCheckpoint.RestoreNetworks(file, model);
        TrainingCheckpoint.RequireNamed(file, tensors);
    }

    public bool HasChecksums => tensors?.HasChecksums ?? true;

    public void RestoreAverages(LossAverages averages) => TrainingCheckpoint.RestoreAverages(tensors!, averages);

    public void RestorePhase(ITrainingPhase phase) => phase.Load(tensors!);

    public void Dispose() => scope.Dispose();
}
