using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using static TorchSharp.torch;

namespace KeypointMl.Training.Distillation;

/// <summary>The networks of an articulation: those being trained in the subject's own frame of reference, and their averages.</summary>
internal sealed class ArticulationNetworks : IDisposable
{
    private readonly int size;

    /// <summary>New networks with the recipe's seed; the averages start equal to them.</summary>
    /// <param name="recipe">Its <c>articulation</c> is followed.</param>
    /// <param name="skeleton">The data set's keypoints.</param>
    /// <param name="teacher">η∘Φ of the run that is distilled; it stays its owner's.</param>
    /// <exception cref="InvalidDataException">The skeleton cannot be drawn in parts.</exception>
    public ArticulationNetworks(Recipe recipe, Skeleton skeleton, PoseDetector teacher)
    {
        if (!PartRenderer.CanDraw(skeleton))
        {
            throw new InvalidDataException(
                $"articulation: skeleton '{skeleton.Name}' has no parts to articulate: "
                + "expected edges, each from one keypoint to another. Set articulation.steps to 0 to teach the student what "
                + "the run itself sees.");
        }
        ArticulationRecipe articulation = recipe.Articulation;
        size = articulation.Size;
        Frame = new CanonicalFrame(skeleton.Count, articulation.Extent, articulation.Scaled);
        Parts = new PartRenderer(skeleton, size / ArticulationRecipe.Stride, size, SkeletonFallOff.Linear(articulation.SigmaSquared),
            articulation.Channels);
        (Detector, AverageDetector) =
            Twins.Of(recipe.Seed + 1, () => new HeatmapDetector(skeleton.Count, articulation.Width, ArticulationRecipe.Stride));
        (Generator, AverageGenerator) = Twins.Of(recipe.Seed + 2, () => new PartGenerator(Parts.Channels, articulation.GeneratorWidth));
        DiscriminatorRecipe discriminator = articulation.Discriminator;
        Discriminator = new PoseDiscriminator(discriminator.Width, discriminator.Layers, discriminator.Scales, Parts.Channels);
        InFrames = new ArticulatedDetector(teacher, recipe.Student.TeacherSize, Frame, AverageDetector, size);
    }

    /// <summary>The subject's own frame of reference.</summary>
    public CanonicalFrame Frame { get; }

    /// <summary>β with a channel per part.</summary>
    public PartRenderer Parts { get; }

    /// <summary>Canonical crop → keypoints.</summary>
    public HeatmapDetector Detector { get; }

    /// <summary>The averaged <see cref="Detector"/>, in evaluation mode.</summary>
    public HeatmapDetector AverageDetector { get; }

    /// <summary>Part images and x′ → x̂.</summary>
    public PartGenerator Generator { get; }

    /// <summary>The averaged <see cref="Generator"/>, in evaluation mode.</summary>
    public PartGenerator AverageGenerator { get; }

    /// <summary>Tells the parts of detected poses from those of prior poses.</summary>
    public PoseDiscriminator Discriminator { get; }

    /// <summary>The run that is distilled and the averaged detector as one: frame → keypoints.</summary>
    public ArticulatedDetector InFrames { get; }

    /// <summary>Every network by its name in checkpoints.</summary>
    public IEnumerable<(string Name, nn.Module Module)> All =>
    [
        ("frame", Frame), ("articulated", Detector), ("average.articulated", AverageDetector),
        ("generator", Generator), ("average.generator", AverageGenerator), ("discriminator", Discriminator),
    ];

    /// <summary>The networks being trained.</summary>
    public IEnumerable<nn.Module> Trained => [Detector, Generator, Discriminator];

    /// <summary>Moves the averages towards the networks.</summary>
    public void UpdateAverages(double decay, long step)
    {
        ExponentialMovingAverage.Update(AverageDetector, Detector, decay, step);
        ExponentialMovingAverage.Update(AverageGenerator, Generator, decay, step);
    }

    /// <summary>What the averages make of frames x and x′ [N,3,H,W], as pictures of that size with titles.</summary>
    public IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style)
    {
        Tensor crop = AffineWarp.Warp(x, Frame.Maps(InFrames.Place(x).Keypoints), size, size);
        Tensor appearance = AffineWarp.Warp(style, Frame.Maps(InFrames.Place(style).Keypoints), size, size);
        Tensor parts = Parts.call(AverageDetector.call(crop).Keypoints);
        Tensor reconstruction = AverageGenerator.call(parts, appearance);
        return [("x", x), ("canonical x", Shown(crop)), ("parts", Shown(parts.amax([1L], keepdim: true))),
            ("canonical x′", Shown(appearance)), ("x̂", Shown(reconstruction))];

        Tensor Shown(Tensor image) =>
            nn.functional.interpolate(image, size: [x.shape[2], x.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, nn.Module module) in All)
            module.Dispose();
        InFrames.Dispose();
        Parts.Dispose();
    }
}
