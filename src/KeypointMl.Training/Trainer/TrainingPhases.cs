using KeypointMl.Data;

namespace KeypointMl.Training;

/// <summary>The phases of a recipe's method, and what feeds them.</summary>
internal static class TrainingPhases
{
    /// <summary>The phases in their order, each made when it is asked for; the caller disposes them.</summary>
    /// <param name="recipe">Of a run.</param>
    /// <param name="model">Its networks.</param>
    /// <param name="data">Its data.</param>
    /// <param name="place">Where it is trained.</param>
    public static IEnumerable<ITrainingPhase> Create(Recipe recipe, ITrainedModel model, TrainingData data, TrainingPlace place)
    {
        if (recipe.Method == TrainingMethod.Supervised)
        {
            yield return model switch
            {
                HourglassNetworks hourglass => new HourglassTraining(recipe, hourglass, data.Labels!, place),
                LabelledStudent student => new LabelledStudentTraining(recipe, student, data.Labels!, place),
                _ => new SupervisedTraining(recipe, (TrainingNetworks)model, data.Labels!, place),
            };
            yield break;
        }
        if (model is DistillationNetworks distillation)
        {
            if (recipe.Articulation.Steps > 0)
                yield return new ArticulationTraining(recipe, distillation, data, place);
            yield return new StudentTraining(recipe, distillation, data, place);
            yield break;
        }
        // Before hours of pre-training: it may read a weight file, which may not be there.
        using ReconstructionLoss reconstruction = KeypointGanFactory.ReconstructionLoss(recipe.Losses, place.Device);
        if (model is ImmNetworks imm)
        {
            yield return new ImmTraining(recipe, imm, reconstruction, place);
            yield break;
        }
        var networks = (TrainingNetworks)model;
        var poses = new PriorPoseBatches(data.Prior, recipe, place.Device);
        if (recipe.RegressorPretraining.Steps > 0)
            yield return new RegressorPretraining(recipe, networks.Networks, networks.Eta, poses, place);
        yield return new JointTraining(recipe, networks, poses, reconstruction, place);
    }

    /// <summary>Reads a phase's frames ahead of it; null for a phase that sees none.</summary>
    /// <param name="recipe">Of the run.</param>
    /// <param name="phase">One of its phases.</param>
    /// <param name="data">Its data.</param>
    /// <param name="first">The step at which the phase begins or goes on.</param>
    /// <param name="buffers">How many steps' frames are in memory, at least 2.</param>
    public static PrefetchingLoader? Loader(Recipe recipe, ITrainingPhase phase, TrainingData data, long first, int buffers = 4) => phase.FramesPerStep == 0
        ? null
        : new PrefetchingLoader(
            data.Frames,
            new FramePairSampler(data.Frames.Clips, recipe.Pairs.MinDistance, recipe.Pairs.MaxDistance, recipe.Seed + RandomStreams.FramePairs),
            phase.FramesPerStep, first, buffers: buffers);
}
