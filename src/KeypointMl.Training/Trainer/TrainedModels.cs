using KeypointMl.Poses;

namespace KeypointMl.Training;

/// <summary>Makes the networks of the recipe's method.</summary>
internal static class TrainedModels
{
    /// <summary>New networks with the recipe's seed; the averages start equal to them.</summary>
    public static ITrainedModel Create(Recipe recipe, Skeleton skeleton) => recipe switch
    {
        { Method: TrainingMethod.Imm } => ImmNetworks.Create(recipe),
        { Method: TrainingMethod.Supervised, Supervised.Detector: SupervisedDetector.Hourglass } => HourglassNetworks.Create(recipe, skeleton),
        _ => TrainingNetworks.Create(recipe, skeleton),
    };
}
