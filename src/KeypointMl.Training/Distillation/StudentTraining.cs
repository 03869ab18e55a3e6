using KeypointMl.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>
/// The student learns what its teacher sees in the training frames, wherever and however turned they are shown to it: the distance of the keypoints, and the cross entropy of its heat maps with a
/// Gaussian about them. A frame is seen as it is and as its mirror image; where the two disagree, a keypoint counts less.
/// </summary>
internal sealed class StudentTraining : ITrainingPhase
{
    private const double GaussianCells = 1.5;
    private const double CrossEntropy = 0.02;

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
        OptimisationRecipe training = recipe.Training;
        optimizer = new NetworkOptimizer(
            model.Student, new LearningRateSchedule(training.LearningRate, training.Steps, training.DecayFrom), (0.9, 0.999), training.GradientClip, place.Watch);
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
        Tensor logits = model.Student.Heatmaps(x);
        (Tensor p, _) = model.Student.Expectation.call(logits);
        Tensor total = weight.sum();
        Tensor distance = ((p - target).square().sum(-1) + 1e-8).sqrt();
        Tensor coordinates = (distance * weight).sum() / total;
        Tensor crossEntropy = (Divergence(logits, target) * weight).sum() / total;
        optimizer.Minimize(coordinates + CrossEntropy * crossEntropy, step, "the student");
        model.UpdateStudent(recipe.Training.EmaDecay, step);
        return [("coordinates", coordinates.detach()), ("heat_maps", crossEntropy.detach())];
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

    /// <summary>The cross entropy [N,K] of heat maps [N,K,h,w] with Gaussians about the targets [N,K,2].</summary>
    private Tensor Divergence(Tensor logits, Tensor target)
    {
        double deviation = GaussianCells * 2 / logits.shape[3];
        Tensor squared = (target.unsqueeze(2) - model.Student.Expectation.Cells(logits)).square().sum(-1);    // [N,K,h·w]
        Tensor gaussian = functional.softmax(squared * (-1 / (2 * deviation * deviation)), -1);
        return -(gaussian * model.Student.Expectation.LogDistribution(logits)).sum(-1);
    }
}
