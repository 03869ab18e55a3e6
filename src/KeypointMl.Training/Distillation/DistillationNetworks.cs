using KeypointMl.Poses;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>The networks of a distillation: the teacher, which does not change, those of the articulation in the subject's own frame, and the student that is exported.</summary>
internal sealed class DistillationNetworks : ITrainedModel
{
    private readonly PoseEncoder teacherPhi;
    private readonly KeypointRegressor teacherEta;
    private readonly HeatmapDetector averageStudent;
    private readonly int size;
    private readonly bool articulates;

    private DistillationNetworks(Recipe recipe, Skeleton skeleton)
    {
        Points = skeleton;
        ArticulationRecipe articulation = recipe.Articulation;
        articulates = articulation.Steps > 0;
        size = articulation.Size;
        random.manual_seed((long)recipe.Seed);
        teacherPhi = new PoseEncoder(recipe.Networks.Width);
        teacherEta = new KeypointRegressor(skeleton.Count, recipe.Networks.RegressorWidth);
        Frame = new CanonicalFrame(skeleton.Count, articulation.Extent, articulation.Scaled);
        Parts = new PartRenderer(skeleton, size / ArticulationRecipe.Stride, size, articulation.SigmaSquared, articulation.Channels);
        (Articulated, HeatmapDetector average) = Twins(1, () => new HeatmapDetector(skeleton.Count, articulation.Width, ArticulationRecipe.Stride));
        (Generator, AverageGenerator) = Twins(2, () => new PartGenerator(Parts.Channels, articulation.GeneratorWidth));
        Discriminator = new PoseDiscriminator(articulation.Discriminator.Width, articulation.Discriminator.Layers, articulation.Discriminator.Scales, Parts.Channels);
        (Student, averageStudent) = Twins(3, () => new HeatmapDetector(skeleton.Count, recipe.Student.Width, recipe.Student.Stride));
        AverageArticulated = average;
        Teacher = new ArticulatedDetector(new PoseDetector(teacherPhi, teacherEta), recipe.Student.TeacherSize, Frame, average, size);
        foreach (nn.Module network in new nn.Module[] { teacherPhi, teacherEta, average, AverageGenerator, averageStudent })
            network.eval();

        (T Trained, T Average) Twins<T>(long stream, Func<T> create)
            where T : nn.Module
        {
            random.manual_seed((long)recipe.Seed + stream);
            T trained = create();
            random.manual_seed((long)recipe.Seed + stream);
            return (trained, create());
        }
    }

    /// <summary>New networks with the recipe's seed; the averages start equal to them.</summary>
    public static DistillationNetworks Create(Recipe recipe, Skeleton skeleton) => new(recipe, skeleton);

    /// <summary>The subject's own frame of reference.</summary>
    public CanonicalFrame Frame { get; }

    /// <summary>β with a channel per part.</summary>
    public PartRenderer Parts { get; }

    /// <summary>Canonical crop → keypoints.</summary>
    public HeatmapDetector Articulated { get; }

    /// <summary>The averaged <see cref="Articulated"/>.</summary>
    public HeatmapDetector AverageArticulated { get; }

    /// <summary>Part images and x′ → x̂.</summary>
    public PartGenerator Generator { get; }

    /// <summary>The averaged <see cref="Generator"/>.</summary>
    public PartGenerator AverageGenerator { get; }

    /// <summary>Tells the parts of detected poses from those of prior poses.</summary>
    public PoseDiscriminator Discriminator { get; }

    /// <summary>Image → keypoints: what is exported.</summary>
    public HeatmapDetector Student { get; }

    /// <summary>What the student learns from: the teacher, and on top of it, where the recipe has one, the articulation.</summary>
    public ArticulatedDetector Teacher { get; }

    /// <summary>Whether the student is what is evaluated and drawn: from its first step on, and in a run that is opened.</summary>
    public bool Graduated { get; set; } = true;

    /// <inheritdoc/>
    public Device Device { get; private set; } = DeviceTensors.Cpu;

    /// <inheritdoc/>
    public Skeleton Points { get; }

    /// <inheritdoc/>
    public nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> Detector => Graduated ? averageStudent : Teacher;

    /// <inheritdoc/>
    public IEnumerable<(string Name, nn.Module Module)> All =>
    [
        ("teacher.phi", teacherPhi), ("teacher.eta", teacherEta), ("frame", Frame), ("articulated", Articulated), ("average.articulated", AverageArticulated),
        ("generator", Generator), ("average.generator", AverageGenerator), ("discriminator", Discriminator), ("student", Student), ("average.student", averageStudent),
    ];

    /// <inheritdoc/>
    public IEnumerable<(string Name, nn.Module Module)> Inherited => [("phi", teacherPhi), ("eta", teacherEta)];

    /// <inheritdoc/>
    public IEnumerable<nn.Module> Trained => [Articulated, Generator, Discriminator, Student];

    /// <summary>The keypoints that the student learns: <see cref="Teacher"/>'s, or, without an articulation, those of the teacher alone.</summary>
    public (Tensor Keypoints, Tensor Confidence) Teach(Tensor image) => articulates ? Teacher.call(image) : Teacher.Place(image);

    /// <inheritdoc/>
    public void MoveTo(Device device)
    {
        foreach ((_, nn.Module module) in All)
            module.MoveTo(device);
        Device = device;
    }

    /// <inheritdoc/>
    public bool DoWithout(string name) => false;

    /// <summary>Moves the articulation's averages towards its networks.</summary>
    public void UpdateArticulation(double decay, long step)
    {
        ExponentialMovingAverage.Update(AverageArticulated, Articulated, decay, step);
        ExponentialMovingAverage.Update(AverageGenerator, Generator, decay, step);
    }

    /// <summary>Moves the student's average towards it.</summary>
    public void UpdateStudent(double decay, long step) => ExponentialMovingAverage.Update(averageStudent, Student, decay, step);

    /// <inheritdoc/>
    public IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style)
    {
        if (Graduated || !articulates)
            return [("x", x)];
        Tensor crop = AffineWarp.Warp(x, Frame.Maps(Teacher.Place(x).Keypoints), size, size);
        Tensor appearance = AffineWarp.Warp(style, Frame.Maps(Teacher.Place(style).Keypoints), size, size);
        Tensor parts = Parts.call(AverageArticulated.call(crop).Keypoints);
        Tensor reconstruction = AverageGenerator.call(parts, appearance);
        return [("x", x), ("canonical x", Shown(crop)), ("parts", Shown(parts.amax([1L], keepdim: true))), ("canonical x′", Shown(appearance)), ("x̂", Shown(reconstruction))];

        Tensor Shown(Tensor image) => nn.functional.interpolate(image, size: [x.shape[2], x.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, nn.Module module) in All)
            module.Dispose();
        Teacher.Dispose();
        Parts.Dispose();
    }
}
