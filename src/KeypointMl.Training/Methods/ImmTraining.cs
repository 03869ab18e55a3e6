using KeypointMl.Data.Loading;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>
/// imm (Jakab and Gupta et al. 2018): landmarks of x, drawn as Gaussians, and x′ must give x back. No prior and no
/// labels; the landmarks get names by the supervised post-processing alone. The pairs, augmentations and losses are
/// those of the recipe, so that the comparison with KeypointGAN is of the methods.
/// </summary>
internal sealed class ImmTraining : ITrainingPhase
{
    private readonly Recipe recipe;
    private readonly ImmNetworks model;
    private readonly BatchAugmenter augmenter;
    private readonly ReconstructionTerm reconstruction;
    private readonly EquivarianceTerm equivariance;
    private readonly NetworkOptimizer landmarks;
    private readonly NetworkOptimizer generator;
    private readonly Device device;

    public ImmTraining(Recipe recipe, ImmNetworks model, ReconstructionTerm reconstruction, TrainingPlace place)
    {
        this.recipe = recipe;
        this.model = model;
        this.reconstruction = reconstruction;
        equivariance = new EquivarianceTerm(recipe.Losses.Equivariance);
        device = place.Device;
        augmenter = new BatchAugmenter(recipe, device);
        OptimisationRecipe training = recipe.Training;
        landmarks = Optimizer(model.Landmarks, training.LearningRate);
        generator = Optimizer(model.Generator, training.GeneratorLearningRate ?? training.LearningRate);

        NetworkOptimizer Optimizer(nn.Module network, double rate) => new(
            network, new LearningRateSchedule(rate, training.Steps, training.DecayFrom),
            (training.Betas.First, training.Betas.Second), training.GradientClip, place.Watch);
    }

    public TrainingPhase Phase => TrainingPhase.Training;

    public long Steps => recipe.Training.Steps;

    public int FramesPerStep => recipe.Training.Batch;

    public bool TrainsDetector => true;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        model.Landmarks.train();
        model.Generator.train();
        int count = recipe.Training.Batch;
        Tensor x = ImageTensors.FromBytes(frames!.X, count, recipe.Size, recipe.Size, device);
        Tensor other = ImageTensors.FromBytes(frames.Style, count, recipe.Size, recipe.Size, device);
        TrainingBatch batch = augmenter.Augment(x, other, zeros(0, device: device), step);

        Tensor views = batch.SecondView is { } second ? cat([batch.Image, second.Image]) : batch.Image;
        (Tensor points, _) = model.Landmarks.call(views);                       // [N or 2N,L,2]
        Tensor own = points.narrow(0, 0, count);
        (Tensor loss, IReadOnlyList<(string, Tensor)> named) = reconstruction.Of(model.Generator.call(own, batch.Style), batch.Image);
        var values = named.ToList();
        if (batch.SecondView is { } view)
        {
            LossTermValue term = equivariance.Of(own, new ViewKeypoints(points.narrow(0, count, count), view.FirstWarp, view.SecondWarp));
            loss = loss + term.Weighted;
            values.AddRange(term.Named);
        }
        landmarks.Minimize(loss, step, "imm", generator);
        model.UpdateAverages(recipe.Training.EmaDecay, step);
        return values;
    }

    public void Save(CheckpointTensors checkpoint)
    {
        checkpoint.AddOptimizer("landmarks", landmarks);
        checkpoint.AddOptimizer("generator", generator);
        checkpoint.AddTerm(reconstruction);
    }

    public void Load(CheckpointTensors checkpoint)
    {
        checkpoint.RestoreOptimizer("landmarks", landmarks);
        checkpoint.RestoreOptimizer("generator", generator);
        checkpoint.RestoreTerm(reconstruction);
    }

    public void Dispose()
    {
        augmenter.Dispose();
        landmarks.Dispose();
        generator.Dispose();
    }
}
