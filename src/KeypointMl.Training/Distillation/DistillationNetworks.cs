using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Distillation;

/// <summary>
/// The networks of a distillation: the run's Φ and η, which do not change, those of the articulation where the recipe
/// has one, and the student that is exported.
/// </summary>
internal sealed class DistillationNetworks : ITrainedModel
{
    private readonly nn.Module<Tensor, Tensor> teacherPhi;
    private readonly KeypointRegressor teacherEta;
    private readonly PoseDetector teacher;
    private readonly HeatmapDetector averageStudent;
    private readonly int teacherSize;

    /// <summary>New networks with the recipe's seed; the averages start equal to them.</summary>
    /// <exception cref="InvalidDataException">The recipe has an articulation, and the skeleton no parts.</exception>
    public DistillationNetworks(Recipe recipe, Skeleton skeleton)
    {
        Points = skeleton;
        teacherSize = recipe.Student.TeacherSize;
        random.manual_seed((long)recipe.Seed);
        teacherPhi = NetworkKinds.Encoder(recipe, skeleton);
        teacherEta = new KeypointRegressor(skeleton.Count, recipe.Networks.RegressorWidth);
        teacherPhi.eval();
        teacherEta.eval();
        teacher = new PoseDetector(teacherPhi, teacherEta);
        Articulation = recipe.Articulation.Steps > 0 ? new ArticulationNetworks(recipe, skeleton, teacher) : null;
        (Student, averageStudent) =
            Twins.Of(recipe.Seed + 3, () => new HeatmapDetector(skeleton.Count, recipe.Student.Width, recipe.Student.Stride));
    }

    /// <summary>Those of the articulation; null where the student learns from the run itself.</summary>
    public ArticulationNetworks? Articulation { get; }

    /// <summary>Image → keypoints: what is exported.</summary>
    public HeatmapDetector Student { get; }

    /// <summary>Whether the student is what is evaluated and drawn: from its first step on, and in a run that is opened.</summary>
    public bool Graduated { get; set; } = true;

    /// <inheritdoc/>
    public Device Device { get; private set; } = DeviceTensors.Cpu;

    /// <inheritdoc/>
    public Skeleton Points { get; }

    /// <inheritdoc/>
    public nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> Detector =>
        Graduated || Articulation is null ? averageStudent : Articulation.InFrames;

    /// <inheritdoc/>
    public IEnumerable<(string Name, nn.Module Module)> All =>
        [("teacher.phi", teacherPhi), ("teacher.eta", teacherEta), .. Articulation?.All
            ?? [], ("student", Student), ("average.student", averageStudent)];

    /// <inheritdoc/>
    public IEnumerable<(string Name, nn.Module Module)> Inherited => [("phi", teacherPhi), ("eta", teacherEta)];

    /// <inheritdoc/>
    public IEnumerable<nn.Module> Trained => [.. Articulation?.Trained ?? [], Student];

    /// <summary>
    /// The keypoints [N,K,2] in [−1,1] that the student learns of images [N,3,H,W] in [−1,1]: the articulation's, or,
    /// without one, the run's.
    /// </summary>
    public Tensor Teach(Tensor image) => Articulation is { } articulation
        ? articulation.InFrames.call(image).Keypoints
        : ArticulatedDetector.Place(teacher, teacherSize, image).Keypoints;

    /// <inheritdoc/>
    public void MoveTo(Device device)
    {
        foreach ((_, nn.Module module) in All)
            module.MoveTo(device);
        Device = device;
    }

    /// <inheritdoc/>
    public bool DoWithout(string name) => false;

    /// <summary>Moves the student's average towards it.</summary>
    public void UpdateStudent(double decay, long step) => ExponentialMovingAverage.Update(averageStudent, Student, decay, step);

    /// <inheritdoc/>
    public IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style) =>
        Graduated || Articulation is null ? [("x", x)] : Articulation.Draw(x, style);

    /// <inheritdoc/>
    public void Dispose()
    {
        Articulation?.Dispose();
        teacher.Dispose();
        Student.Dispose();
        averageStudent.Dispose();
    }
}
