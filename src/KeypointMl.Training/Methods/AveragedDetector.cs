using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>A model that is one network, image → keypoints and confidence: the one being trained, and its average.</summary>
/// <typeparam name="T">The network.</typeparam>
public abstract class AveragedDetector<T> : ITrainedModel
    where T : nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    /// <summary>New networks with a seed; the average starts equal to the other.</summary>
    /// <param name="name">The network's name in checkpoints.</param>
    /// <param name="seed">Of its weights.</param>
    /// <param name="create">Makes the network; called twice.</param>
    /// <param name="points">Names its points.</param>
    protected AveragedDetector(string name, ulong seed, Func<T> create, Skeleton points)
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
