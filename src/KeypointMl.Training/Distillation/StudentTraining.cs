using KeypointMl.Data.Loading;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Distillation;

/// <summary>
/// The student learns what its teacher sees in the training frames (<see cref="HeatmapLoss"/>), wherever and however
/// turned they are shown to it. The teacher sees a frame as it is and as its mirror image; where the two disagree, a
/// keypoint counts less.
/// </summary>
internal sealed class StudentTraining : ITrainingPhase
{
    private readonly Recipe recipe;
    private readonly DistillationNetworks model;
    private readonly FramePoses lessons;
    private readonly BatchAugmenter augmenter;
    private readonly NetworkOptimizer optimizer;
    private readonly MirrorImage mirror;
    private readonly Device device;

    public StudentTraining(Recipe recipe, DistillationNetworks model, TrainingData data, TrainingPlace place)
    {
        this.recipe = recipe;
        this.model = model;
        device = place.Device;
        model.Graduated = true;
        mirror = new MirrorImage(model.Points, device);
        lessons = new FramePoses(data.Frames, Lesson, device);
        augmenter = new BatchAugmenter(recipe, device);
        optimizer = NetworkOptimizer.Of(model.Student, recipe.Training, place.Watch);
    }

    public TrainingPhase Phase => TrainingPhase.Training;

    public long Steps => recipe.Training.Steps;

    public int FramesPerStep => recipe.Training.Batch;

    public bool TrainsDetector => true;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        model.Student.train();
        (Tensor x, AffineMap[] maps) =
            augmenter.AugmentLabelled(ImageTensors.FromBytes(frames!.X, recipe.Training.Batch, recipe.Size, recipe.Size, device), step);
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
        mirror.Dispose();
    }

    /// <summary>What a batch of frames teaches, [N,K,3]: keypoints in [−1,1], and how much each counts.</summary>
    private Tensor Lesson(Tensor images)
    {
        (Tensor seen, Tensor mirrored) = mirror.Read(model.Teach, images);
        double agreement = 2 * recipe.Student.Agreement; // the frame is 2 wide
        Tensor weight = (-(seen - mirrored).square().sum(-1, keepdim: true) / (agreement * agreement)).exp();
        return cat([(seen + mirrored) / 2, weight], 2);
    }

    /// <summary>Lessons [N,K,3] in the views that the student sees.</summary>
    private (Tensor Target, Tensor Weight) Targets(Tensor lesson, AffineMap[] maps)
    {
        Tensor named = mirror.NamedIn(maps, lesson);
        return (AffineWarp.ToWarped(named.narrow(2, 0, 2), AffineWarp.Matrices(maps, device)), named.select(2, 2));
    }
}
