using System.Globalization;
using KeypointMl.Poses;

namespace KeypointMl.Training;

/// <summary>What one checkpoint file holds and how a run goes on from it: networks, averages, optimisers, the phase's own state, recipe and skeleton.</summary>
internal static class TrainingCheckpoint
{
    private const string FormatKey = "keypointml.checkpoint";
    private const string Format = "1";
    private const string StepKey = "step";
    private const string PhaseKey = "phase";
    private const string RecipeKey = "recipe";
    private const string SkeletonKey = "skeleton";

    public static CheckpointFile Write(RunFolder run, Recipe recipe, Skeleton skeleton, ITrainedModel model, ITrainingPhase phase, long step)
    {
        var checkpoint = new CheckpointTensors();
        checkpoint.Metadata[FormatKey] = Format;
        checkpoint.Metadata[PhaseKey] = phase.Phase.ToString();
        checkpoint.Metadata[StepKey] = step.ToString(CultureInfo.InvariantCulture);
        checkpoint.Metadata[RecipeKey] = recipe.ToYaml();
        checkpoint.Metadata[SkeletonKey] = skeleton.ToJson();
        foreach ((string name, TorchSharp.torch.nn.Module module) in model.All)
            checkpoint.AddModule(name, module);
        phase.Save(checkpoint);
        return run.Checkpoints.Write(phase.Phase, step, checkpoint.Write);
    }

    /// <summary>Restores the networks of the newest checkpoint.</summary>
    /// <returns>The opened checkpoint, for the phase's own state.</returns>
    public static CheckpointTensors RestoreNetworks(CheckpointFile file, ITrainedModel model)
    {
        CheckpointTensors checkpoint = Open(file);
        foreach ((string name, TorchSharp.torch.nn.Module module) in model.All)
        {
            if (checkpoint.HasModule(name) || !model.DoWithout(name))
                checkpoint.RestoreModule(name, module);
        }
        return checkpoint;
    }

    /// <summary>The skeleton that the run's data had.</summary>
    public static Skeleton ReadSkeleton(CheckpointFile file) => Skeleton.FromJson(Open(file).Metadata[SkeletonKey]);

    /// <summary>A checkpoint with the skeleton and the recipe that it was made with.</summary>
    public static (CheckpointTensors Tensors, Skeleton Skeleton, Recipe Recipe) Read(CheckpointFile file)
    {
        CheckpointTensors checkpoint = Open(file);
        return (checkpoint, Skeleton.FromJson(checkpoint.Metadata[SkeletonKey]), Recipe.Parse(checkpoint.Metadata[RecipeKey], file.Path));
    }

    private static CheckpointTensors Open(CheckpointFile file)
    {
        CheckpointTensors checkpoint = CheckpointTensors.Read(file.Path);
        if (!checkpoint.Metadata.TryGetValue(FormatKey, out string? format) || format != Format)
            throw new InvalidDataException($"{file.Path} is not a checkpoint that this version reads: {FormatKey} is '{format ?? "missing"}', expected '{Format}'.");
        return checkpoint;
    }
}
