using KeypointMl.Poses;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>The supervised baseline's hourglass and its average.</summary>
/// <param name="Hourglass">The one being trained.</param>
/// <param name="Average">The averaged one, in evaluation mode.</param>
/// <param name="Points">The data set's keypoints.</param>
internal sealed record HourglassNetworks(StackedHourglass Hourglass, StackedHourglass Average, Skeleton Points) : ITrainedModel
{
    /// <summary>New networks with the recipe's seed; the average starts equal to the other.</summary>
    public static HourglassNetworks Create(Recipe recipe, Skeleton skeleton)
    {
        StackedHourglass average = New();
        average.eval();
        return new HourglassNetworks(New(), average, skeleton);

        StackedHourglass New()
        {
            random.manual_seed((long)recipe.Seed);
            return new StackedHourglass(skeleton.Count, recipe.Supervised.Features, recipe.Supervised.Stacks, recipe.Supervised.Depth);
        }
    }

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
    public IEnumerable<(string Name, nn.Module Module)> All => [("hourglass", Hourglass), ("average.hourglass", Average)];

    /// <inheritdoc/>
    public IEnumerable<nn.Module> Trained => [Hourglass];

    /// <inheritdoc/>
    public nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> Detector => Average;

    /// <inheritdoc/>
    public bool DoWithout(string name) => false;

    /// <inheritdoc/>
    public IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style)
    {
        Tensor highest = Average.Heatmaps(x)[^1].amax([1L], keepdim: true).clamp(0, 1);
        Tensor enlarged = nn.functional.interpolate(highest, size: [x.shape[2], x.shape[3]], mode: InterpolationMode.Nearest);
        return [("x", x), ("heat maps", 2 * enlarged - 1)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Hourglass.Dispose();
        Average.Dispose();
    }
}
