using KeypointMl.Data;
using KeypointMl.Poses;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>The student's network on labels, the baseline that a student is compared with (<c>supervised.detector: student</c>), and its average.</summary>
/// <param name="Student">The one being trained.</param>
/// <param name="Average">The averaged one, in evaluation mode.</param>
/// <param name="Points">The data set's keypoints.</param>
internal sealed record LabelledStudent(HeatmapDetector Student, HeatmapDetector Average, Skeleton Points) : ITrainedModel
{
    /// <summary>New networks with the recipe's seed; the average starts equal to the other.</summary>
    public static LabelledStudent Create(Recipe recipe, Skeleton skeleton)
    {
        HeatmapDetector average = New();
        average.eval();
        return new LabelledStudent(New(), average, skeleton);

        HeatmapDetector New()
        {
            random.manual_seed((long)recipe.Seed);
            return new HeatmapDetector(skeleton.Count, recipe.Student.Width, recipe.Student.Stride);
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
    public IEnumerable<(string Name, nn.Module Module)> All => [("student", Student), ("average.student", Average)];

    /// <inheritdoc/>
    public IEnumerable<nn.Module> Trained => [Student];

    /// <inheritdoc/>
    public nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> Detector => Average;

    /// <inheritdoc/>
    public bool DoWithout(string name) => false;

    /// <inheritdoc/>
    public IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style) => [("x", x)];

    /// <inheritdoc/>
    public void Dispose()
    {
        Student.Dispose();
        Average.Dispose();
    }
}

/// <summary>Trains the student's network on labelled frames, by the loss of a distillation and with its optimiser.</summary>
internal sealed class LabelledStudentTraining : ITrainingPhase
{
    private readonly Recipe recipe;
    private readonly LabelledStudent model;
    private readonly LabelledBatches batches;
    private readonly NetworkOptimizer optimizer;

    public LabelledStudentTraining(Recipe recipe, LabelledStudent model, LabelledFrames labels, TrainingPlace place)
    {
        this.recipe = recipe;
        this.model = model;
        batches = new LabelledBatches(recipe, labels, place.Device);
        optimizer = StudentTraining.Optimizer(recipe, model.Student, place);
    }

    public TrainingPhase Phase => TrainingPhase.Training;

    public long Steps => recipe.Training.Steps;

    public int FramesPerStep => recipe.Training.Batch;

    public bool TrainsDetector => true;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        model.Student.train();
        (Tensor x, Tensor target, Tensor labelled) = batches.Make(frames!, step);
        HeatmapLoss loss = HeatmapLoss.Compute(model.Student, x, target, labelled.squeeze(2));
        optimizer.Minimize(loss.Total, step, "the student's network on labels");
        ExponentialMovingAverage.Update(model.Average, model.Student, recipe.Training.EmaDecay, step);
        return loss.Named;
    }

    public void Save(CheckpointTensors checkpoint) => checkpoint.AddOptimizer("student", optimizer);

    public void Load(CheckpointTensors checkpoint) => checkpoint.RestoreOptimizer("student", optimizer);

    public void Dispose()
    {
        batches.Dispose();
        optimizer.Dispose();
    }
}
