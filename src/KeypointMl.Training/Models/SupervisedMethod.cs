using KeypointMl.Data.Frames;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Models;

/// <summary>The baseline with labels: the run's own detector, the student's, or a stacked hourglass (<c>supervised.detector</c>).</summary>
internal sealed class SupervisedMethod : ITrainingMethod
{
    public TrainingData OpenData(Recipe recipe, IDataset dataset) => TrainingData.WithLabels(recipe, dataset);

    public ITrainedModel CreateModel(Recipe recipe, Skeleton skeleton) => recipe.Supervised.Detector switch
    {
        SupervisedDetector.Hourglass => new HourglassNetworks(recipe, skeleton),
        SupervisedDetector.Student => new LabelledStudent(recipe, skeleton),
        _ => TrainingNetworks.Create(recipe, skeleton),
    };

    public IEnumerable<ITrainingPhase> CreatePhases(Recipe recipe, ITrainedModel model, TrainingData data, TrainingPlace place)
    {
        yield return recipe.Supervised.Detector switch
        {
            SupervisedDetector.Hourglass => new HourglassTraining(recipe, (HourglassNetworks)model, data.Labels!, place),
            SupervisedDetector.Student => new LabelledStudentTraining(recipe, (LabelledStudent)model, data.Labels!, place),
            _ => new SupervisedTraining(recipe, (TrainingNetworks)model, data.Labels!, place),
        };
    }
}
