using KeypointMl.Data.Frames;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Methods;

/// <summary>
/// The baseline of Jakab &amp; Gupta et al. (NeurIPS 2018): landmarks without names, which labels of the recipe's
/// <c>postprocessing.split</c> name when they are evaluated.
/// </summary>
internal sealed class ImmMethod : ITrainingMethod
{
    public TrainingData OpenData(Recipe recipe, IDataset dataset) =>
        TrainingData.WithoutLabels(recipe, dataset) with { Labels = dataset.OpenLabelled(recipe.Postprocessing.Split) };

    public ITrainedModel CreateModel(Recipe recipe, Skeleton skeleton) => ImmNetworks.Create(recipe);

    public IEnumerable<ITrainingPhase> CreatePhases(Recipe recipe, ITrainedModel model, TrainingData data, TrainingPlace place)
    {
        using var reconstruction = new ReconstructionTerm(
            KeypointGanFactory.ReconstructionLoss(recipe.Losses, place.Device), recipe.Losses.Reconstruction);
        yield return new ImmTraining(recipe, (ImmNetworks)model, reconstruction, place);
    }
}
