using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>A supervised baseline that is one network: the one being trained, and its average.</summary>
/// <typeparam name="T">Image → keypoints and confidence.</typeparam>
internal abstract class LabelledDetector<T> : ITrainedModel
    where T : nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    /// <summary>New networks with a seed; the average starts equal to the other.</summary>
    protected LabelledDetector(string name, ulong seed, Func<T> create, Skeleton points)
    {
        Name = name;
        Points = points;
        (Network, Average) = Twins.Of(seed, create);
    }

    /// <summary>The network's name in checkpoints.</summary>
    public string Name { get; }

    /// <summary>The one being trained.</summary>
    public T Network { get; }

    /// <summary>The averaged one, in evaluation mode.</summary>
    public T Average { get; }

    /// <inheritdoc/>
    public Skeleton Points { get; }

    /// <inheritdoc/>
    public Device Device { get; private set; } = DeviceTensors.Cpu;

    /// <inheritdoc/>
    public void MoveTo(Device device)
    {
        foreach ((_, nn.Module module) in All)
            module.MoveTo(device);
        Device = device;
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, nn.Module Module)> All => [(Name, Network), ($"average.{Name}", Average)];

    /// <inheritdoc/>
    public IEnumerable<nn.Module> Trained => [Network];

    /// <inheritdoc/>
    public nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> Detector => Average;

    /// <inheritdoc/>
    public bool DoWithout(string name) => false;

    /// <inheritdoc/>
    public virtual IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style) => [("x", x)];

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Average.Dispose();
    }
}

/// <summary>Trains a <see cref="LabelledDetector{T}"/> on labelled frames.</summary>
internal abstract class LabelledDetectorTraining<T> : ITrainingPhase
    where T : nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    private readonly Recipe recipe;
    private readonly LabelledDetector<T> model;
    private readonly LabelledBatches batches;
    private readonly NetworkOptimizer optimizer;

    protected LabelledDetectorTraining(Recipe recipe, LabelledDetector<T> model, LabelledFrames labels, TrainingPlace place)
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
