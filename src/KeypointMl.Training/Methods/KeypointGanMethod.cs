using KeypointMl.Data.Frames;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Methods;

/// <summary>KeypointGAN (section 3 of the paper) and its ablations.</summary>
internal sealed class KeypointGanMethod : ITrainingMethod
{
    public TrainingData OpenData(Recipe recipe, IDataset dataset) => TrainingData.WithoutLabels(recipe, dataset);

    public ITrainedModel CreateModel(Recipe recipe, Skeleton skeleton) => TrainingNetworks.Create(recipe, skeleton);

    public IEnumerable<ITrainingPhase> CreatePhases(Recipe recipe, ITrainedModel model, TrainingData data, TrainingPlace place)
    {
        // Before hours of pre-training: it may read a weight file, which may not be there.
        using var reconstruction = new ReconstructionTerm(
            KeypointGanFactory.ReconstructionLoss(recipe.Losses, place.Device), recipe.Losses.Reconstruction);
        LossTerms.Check(recipe);
        var networks = (TrainingNetworks)model;
        if (recipe.RegressorPretraining.Steps > 0)
            yield return new RegressorPretraining(recipe, networks, data.Prior, place);
        yield return new JointTraining(recipe, networks, new PriorPoseBatches(data.Prior, recipe, place.Device), reconstruction, place);
    }
}
