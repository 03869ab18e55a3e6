using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Poses;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>
/// The supervised baseline: the same Φ and η, trained on labelled frames by MSE of the coordinates (labelled keypoints only) with the same image augmentation, optimiser and
/// number of steps. For comparison; self-supervised training never sees a label.
/// </summary>
internal sealed class SupervisedTraining : ITrainingPhase
{
    private readonly Recipe recipe;
    private readonly TrainingNetworks model;
    private readonly LabelledFrames labels;
    private readonly BatchAugmenter augmenter;
    private readonly NetworkOptimizer phi;
    private readonly NetworkOptimizer eta;
    private readonly int[] flip;

    public SupervisedTraining(Recipe recipe, TrainingNetworks model, LabelledFrames labels)
    {
        this.recipe = recipe;
        this.model = model;
        this.labels = labels;
        augmenter = new BatchAugmenter(recipe);
        flip = labels.Skeleton.FlipPermutation();
        OptimisationRecipe training = recipe.Training;
        var schedule = new LearningRateSchedule(training.LearningRate, training.Steps, training.DecayFrom);
        phi = new NetworkOptimizer(model.Networks.Phi, schedule, (training.Betas.First, training.Betas.Second), training.GradientClip);
        eta = new NetworkOptimizer(model.Networks.Eta, schedule, (training.Betas.First, training.Betas.Second), training.GradientClip);
    }

    public TrainingPhase Phase => TrainingPhase.Training;

    public long Steps => recipe.Training.Steps;

    public int FramesPerStep => recipe.Training.Batch;

    public bool TrainsDetector => true;

    public IReadOnlyList<(string Name, double Value)> Step(FrameBatch? frames, long step)
    {
        model.Train();
        int count = recipe.Training.Batch;
        Tensor image = ImageTensors.FromBytes(frames!.X, count, recipe.Size, recipe.Size);
        (Tensor x, AffineMap[] maps) = augmenter.AugmentLabelled(image, step);
        (Tensor target, Tensor labelled) = Targets(frames.XIndices, maps);      // [N,K,2], [N,K,1]
        (Tensor p, _) = model.Networks.Eta.call(model.Networks.Phi.call(x));
        Tensor loss = ((p - target).square() * labelled).sum() / (2 * labelled.sum().clamp_min(1));
        phi.Minimize(loss, step, "the supervised baseline", eta);
        model.UpdateAverages(recipe.Training.EmaDecay, step);
        return [("coordinates", loss.item<float>())];
    }

    public void Save(CheckpointTensors checkpoint)
    {
        checkpoint.AddOptimizer("phi", phi);
        checkpoint.AddOptimizer("eta", eta);
    }

    public void Load(CheckpointTensors checkpoint)
    {
        checkpoint.RestoreOptimizer("phi", phi);
        checkpoint.RestoreOptimizer("eta", eta);
    }

    public void Dispose()
    {
        augmenter.Dispose();
        phi.Dispose();
        eta.Dispose();
    }

    private (Tensor Target, Tensor Labelled) Targets(IReadOnlyList<int> indices, AffineMap[] maps)
    {
        int keypoints = labels.Skeleton.Count;
        var target = new float[indices.Count, keypoints, 2];
        var labelled = new float[indices.Count, keypoints, 1];
        for (int n = 0; n < indices.Count; n++)
        {
            AffineMap toView = maps[n].Inverse();
            for (int k = 0; k < keypoints; k++)
            {
                Vector2 pixel = labels.Poses[indices[n]][maps[n].IsMirrored ? flip[k] : k];
                if (!float.IsFinite(pixel.X) || !float.IsFinite(pixel.Y))
                    continue;
                Vector2 point = toView.Apply(NormalizedCoordinates.FromPixel(pixel, recipe.Size, recipe.Size));
                (target[n, k, 0], target[n, k, 1], labelled[n, k, 0]) = (point.X, point.Y, 1);
            }
        }
        return (tensor(target), tensor(labelled));
    }
}
