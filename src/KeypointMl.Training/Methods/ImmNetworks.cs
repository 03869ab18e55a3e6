using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>The networks of imm: landmarks of an image, and an image from landmarks and another image.</summary>
/// <param name="Landmarks">x → L points: η's shape on images, with batch norm.</param>
/// <param name="Generator">(points, x′) → x̂.</param>
/// <param name="AverageLandmarks">The averaged detector, in evaluation mode.</param>
/// <param name="AverageGenerator">The averaged generator, in evaluation mode.</param>
/// <param name="Points">Landmarks without names or edges.</param>
internal sealed record ImmNetworks(
    KeypointRegressor Landmarks, LandmarkGenerator Generator, KeypointRegressor AverageLandmarks, LandmarkGenerator AverageGenerator,
    Skeleton Points) : ITrainedModel
{
    /// <summary>New networks with the recipe's seed; the averages start equal to them.</summary>
    public static ImmNetworks Create(Recipe recipe)
    {
        (KeypointRegressor landmarks, LandmarkGenerator generator) = New(recipe);
        (KeypointRegressor averageLandmarks, LandmarkGenerator averageGenerator) = New(recipe);
        averageLandmarks.eval();
        averageGenerator.eval();
        var points = new Skeleton("landmarks", [.. Enumerable.Range(0, recipe.Imm.Landmarks).Select(i => $"landmark_{i}")], []);
        return new ImmNetworks(landmarks, generator, averageLandmarks, averageGenerator, points);
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
    public IEnumerable<(string Name, nn.Module Module)> All =>
    [
        ("landmarks", Landmarks), ("generator", Generator), ("average.landmarks", AverageLandmarks),
        ("average.generator", AverageGenerator),
    ];

    /// <inheritdoc/>
    public IEnumerable<nn.Module> Trained => [Landmarks, Generator];

    /// <inheritdoc/>
    public nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> Detector => AverageLandmarks;

    /// <inheritdoc/>
    public bool PointsAreKeypoints => false;

    /// <inheritdoc/>
    public bool DoWithout(string name) => false;

    /// <summary>Moves the averages towards the networks.</summary>
    public void UpdateAverages(double decay, long step)
    {
        ExponentialMovingAverage.Update(AverageLandmarks, Landmarks, decay, step);
        ExponentialMovingAverage.Update(AverageGenerator, Generator, decay, step);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style)
    {
        (Tensor points, _) = AverageLandmarks.call(x);
        Tensor maps = 2 * AverageGenerator.Draw(points, (int)x.shape[2], (int)x.shape[3]).amax([1L], keepdim: true) - 1;
        return [("x", x), ("landmarks", maps), ("x′", style), ("x̂", AverageGenerator.call(points, style))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, nn.Module module) in All)
            module.Dispose();
    }

    private static (KeypointRegressor Landmarks, LandmarkGenerator Generator) New(Recipe recipe)
    {
        random.manual_seed((long)recipe.Seed);
        return (
            new KeypointRegressor(recipe.Imm.Landmarks, recipe.Networks.Width, inputChannels: 3, NetworkNormalization.Batch),
            new LandmarkGenerator(recipe.Imm.Landmarks, recipe.Networks.GeneratorWidth, recipe.Imm.GaussianSd));
    }
}
