using KeypointMl.Data.Frames;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Distillation;

/// <summary>What <c>keypointml distill</c> trains: the articulation, and the student that learns from it.</summary>
internal sealed class DistillationMethod : ITrainingMethod
{
    public TrainingData OpenData(Recipe recipe, IDataset dataset) =>
        TrainingData.WithoutLabels(recipe, dataset).HoldingBack(recipe.Student.HeldBack);

    public ITrainedModel CreateModel(Recipe recipe, Skeleton skeleton) => new DistillationNetworks(recipe, skeleton);

    public IEnumerable<ITrainingPhase> CreatePhases(Recipe recipe, ITrainedModel model, TrainingData data, TrainingPlace place)
    {
        var networks = (DistillationNetworks)model;
        if (recipe.Articulation.Steps > 0)
            yield return new ArticulationTraining(recipe, networks, data, place);
        yield return new StudentTraining(recipe, networks, data, place);
    }
}
