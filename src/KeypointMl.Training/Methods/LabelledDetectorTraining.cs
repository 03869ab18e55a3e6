using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>Trains a <see cref="AveragedDetector{T}"/> on labelled frames.</summary>
internal abstract class LabelledDetectorTraining<T> : ITrainingPhase
    where T : nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    private readonly Recipe recipe;
    private readonly AveragedDetector<T> model;
    private readonly LabelledBatches batches;
    private readonly NetworkOptimizer optimizer;

    protected LabelledDetectorTraining(Recipe recipe, AveragedDetector<T> model, LabelledFrames labels, TrainingPlace place)
    {
        this.recipe = recipe;
        this.model = model;
        batches = new LabelledBatches(recipe, labels, place.Device);
        optimizer = NetworkOptimizer.Of(model.Network, recipe.Training, place.Watch);
    }

    public TrainingPhase Phase => TrainingPhase.Training;

    public long Steps => recipe.Training.Steps;

    public int FramesPerStep => recipe.Training.Batch;

    public bool TrainsDetector => true;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        model.Network.train();
        (Tensor x, Tensor target, Tensor labelled) = batches.Make(frames!, step);
        (Tensor loss, IReadOnlyList<(string, Tensor)> named) = Loss(model.Network, x, target, labelled);
        optimizer.Minimize(loss, step, $"the {model.Name} on labels");
        ExponentialMovingAverage.Update(model.Average, model.Network, recipe.Training.EmaDecay, step);
        return named;
    }

    public void Save(CheckpointTensors checkpoint) => checkpoint.AddOptimizer(model.Name, optimizer);

    public void Load(CheckpointTensors checkpoint) => checkpoint.RestoreOptimizer(model.Name, optimizer);

    public void Dispose()
    {
        batches.Dispose();
        optimizer.Dispose();
    }

    /// <summary>What is minimised, and its parts by name.</summary>
    /// <param name="network">In training mode.</param>
    /// <param name="image">[N,3,H,W] in [−1,1].</param>
    /// <param name="target">[N,K,2] in [−1,1].</param>
    /// <param name="labelled">[N,K,1]: 1 where labelled.</param>
    private protected abstract (Tensor Loss, IReadOnlyList<(string Name, Tensor Value)> Named) Loss(
        T network, Tensor image, Tensor target, Tensor labelled);
}
