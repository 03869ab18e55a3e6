using KeypointMl.Data;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>
/// The student learns what its teacher sees in the training frames (<see cref="HeatmapLoss"/>), wherever and however turned they are shown to it. The teacher sees a frame as it is and as its
/// mirror image; where the two disagree, a keypoint counts less.
/// </summary>
internal sealed class StudentTraining : ITrainingPhase
{
    private readonly Recipe recipe;
    private readonly DistillationNetworks model;
    private readonly FramePoses lessons;
    private readonly BatchAugmenter augmenter;
    private readonly NetworkOptimizer optimizer;
    private readonly Tensor flip; // [K] int64: a keypoint's mirror image
    private readonly bool hasSides;
    private readonly Device device;

    public StudentTraining(Recipe recipe, DistillationNetworks model, TrainingData data, TrainingPlace place)
    {
        this.recipe = recipe;
        this.model = model;
        device = place.Device;
        model.Graduated = true;
        hasSides = model.Points.SymmetricPairs.Length > 0;
        flip = tensor(Array.ConvertAll(model.Points.FlipPermutation(), k => (long)k), device: DeviceTensors.Cpu).OnDevice(device).DetachFromDisposeScope();
        lessons = new FramePoses(data.Frames, Lesson, device);
        augmenter = new BatchAugmenter(recipe, device);
        optimizer = Optimizer(recipe, model.Student, place);
    }

    /// <summary>The optimiser of a student: Adam with its usual betas, not those of adversarial training.</summary>
    public static NetworkOptimizer Optimizer(Recipe recipe, HeatmapDetector student, TrainingPlace place)
    {
        OptimisationRecipe training = recipe.Training;
        return new NetworkOptimizer(student, new LearningRateSchedule(training.LearningRate, training.Steps, training.DecayFrom), (0.9, 0.999), training.GradientClip, place.Watch);
    }

    public TrainingPhase Phase => TrainingPhase.Training;

    public long Steps => recipe.Training.Steps;

    public int FramesPerStep => recipe.Training.Batch;

    public bool TrainsDetector => true;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        model.Student.train();
        (Tensor x, AffineMap[] maps) = augmenter.AugmentLabelled(ImageTensors.FromBytes(frames!.X, recipe.Training.Batch, recipe.Size, recipe.Size, device), step);
        (Tensor target, Tensor weight) = Targets(lessons.Of(frames.XIndices), maps);   // [N,K,2], [N,K]
        HeatmapLoss loss = HeatmapLoss.Compute(model.Student, x, target, weight);
        optimizer.Minimize(loss.Total, step, "the student");
        model.UpdateStudent(recipe.Training.EmaDecay, step);
        return loss.Named;
    }

    public void Save(CheckpointTensors checkpoint) => checkpoint.AddOptimizer("student", optimizer);

    public void Load(CheckpointTensors checkpoint) => checkpoint.RestoreOptimizer("student", optimizer);

    public void Dispose()
    {
        lessons.Dispose();
        augmenter.Dispose();
        optimizer.Dispose();
        flip.Dispose();
    }

    /// <summary>What a batch of frames teaches, [N,K,3]: keypoints in [−1,1], and how much each counts.</summary>
    private Tensor Lesson(Tensor images)
    {
        (Tensor seen, _) = model.Teach(images);
        if (!hasSides)
            return cat([seen, seen.new_ones(seen.shape[0], seen.shape[1], 1)], 2);
        Tensor mirrored = model.Teach(ImageTensors.ChannelsLast(images.flip(3))).Keypoints.index_select(1, flip);
        mirrored = cat([-mirrored.narrow(2, 0, 1), mirrored.narrow(2, 1, 1)], 2);
        double agreement = 2 * recipe.Student.Agreement; // the frame is 2 wide
        Tensor weight = (-(seen - mirrored).square().sum(-1, keepdim: true) / (agreement * agreement)).exp();
        return cat([(seen + mirrored) / 2, weight], 2);
    }

    /// <summary>Lessons [N,K,3] in the views that the student sees.</summary>
    private (Tensor Target, Tensor Weight) Targets(Tensor lesson, AffineMap[] maps)
    {
        Tensor mirrored = tensor(Array.ConvertAll(maps, map => map.IsMirrored), [maps.Length, 1, 1], device: DeviceTensors.Cpu).OnDevice(device);
        Tensor named = where(mirrored, lesson.index_select(1, flip), lesson);
        return (AffineWarp.ToWarped(named.narrow(2, 0, 2), AffineWarp.Matrices(maps, device)), named.select(2, 2));
    }
}
