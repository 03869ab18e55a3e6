using System.Globalization;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Models;

/// <summary>
/// What one checkpoint file holds and how a run goes on from it: networks, averages, optimisers, the phase's own state,
/// recipe and skeleton.
/// </summary>
internal static class TrainingCheckpoint
{
    private const string FormatKey = "keypointml.checkpoint";
    private const string Format = "2";
    private const string FormatWithoutChecksums = "1";
    private const string StepKey = "step";
    private const string PhaseKey = "phase";
    private const string RecipeKey = "recipe";
    private const string SkeletonKey = "skeleton";
    private const string AveragesKey = "log.averages";

    public static CheckpointFile Write(
        RunFolder run, Recipe recipe, Skeleton skeleton, ITrainedModel model, ITrainingPhase phase, long step,
        LossAverages? averages = null)
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
        if (averages?.ToJson() is { } open)
            checkpoint.Metadata[AveragesKey] = open;
        return run.Checkpoints.Write(phase.Phase, step, checkpoint.Write);
    }

    /// <summary>Restores the networks of a checkpoint.</summary>
    /// <returns>The opened checkpoint, for the phase's own state.</returns>
    /// <exception cref="InvalidDataException">It is damaged, of another network, or of another step than its name says; the
    /// message says whether the one before is good.</exception>
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

    /// <summary>Refuses a checkpoint that is of another place of the run than its name says.</summary>
    /// <exception cref="InvalidDataException">It is.</exception>
    public static void RequireNamed(CheckpointFile file, CheckpointTensors checkpoint)
    {
        string phase = checkpoint.Metadata.GetValueOrDefault(PhaseKey, "");
        string step = checkpoint.Metadata.GetValueOrDefault(StepKey, "");
        if ((phase, step) != (file.Phase.ToString(), file.Step.ToString(CultureInfo.InvariantCulture)))
        {
            throw new InvalidDataException(
                $"'{file.Path}' is of {phase}, step {step}, and its name says {file.Phase}, step {file.Step}. Give it back the name "
                + "that it was written under.");
        }
    }

    /// <summary>Restores the sums of losses that were not in the log yet.</summary>
    public static void RestoreAverages(CheckpointTensors checkpoint, LossAverages averages)
    {
        if (checkpoint.Metadata.TryGetValue(AveragesKey, out string? open))
            averages.Restore(open);
    }

    /// <summary>The skeleton that the run's data had.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    public static Skeleton ReadSkeleton(CheckpointFile file) => SkeletonOf(Open(file), file);

    /// <summary>A checkpoint with the skeleton and the recipe that it was made with.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static (CheckpointTensors Tensors, Skeleton Skeleton, Recipe Recipe) Read(CheckpointFile file)
    {
        CheckpointTensors checkpoint = Open(file);
        return (checkpoint, SkeletonOf(checkpoint, file), RecipeOf(checkpoint, file));
    }

    private static Skeleton SkeletonOf(CheckpointTensors checkpoint, CheckpointFile file)
    {
        try
        {
            return Skeleton.FromJson(Required(checkpoint, SkeletonKey, file));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{file.Path}' is damaged: the skeleton in its metadata is none. {e.Message}", e);
        }
    }

    private static Recipe RecipeOf(CheckpointTensors checkpoint, CheckpointFile file)
    {
        try
        {
            return Recipe.Parse(Required(checkpoint, RecipeKey, file), file.Path);
        }
        catch (RecipeException e)
        {
            throw new InvalidDataException($"'{file.Path}' is damaged: the recipe in its metadata is none. {e.Message}", e);
        }
    }

    private static string Required(CheckpointTensors checkpoint, string key, CheckpointFile file) =>
        checkpoint.Metadata.GetValueOrDefault(key)
        ?? throw new InvalidDataException($"'{file.Path}' is damaged: its metadata have no '{key}'.");

    private static CheckpointTensors Open(CheckpointFile file)
    {
        try
        {
            return OpenChecked(file.Path);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{e.Message} {CheckpointAdvice.For(file, before => OpenChecked(before).HasChecksums)}", e);
        }
    }

    private static CheckpointTensors OpenChecked(string path)
    {
        CheckpointTensors checkpoint = CheckpointTensors.Read(path);
        string? format = checkpoint.Metadata.GetValueOrDefault(FormatKey);
        if (format is not (Format or FormatWithoutChecksums))
        {
            throw new InvalidDataException(
                $"'{path}' is not a checkpoint that this version reads: {FormatKey} is '{format ?? "missing"}', expected "
                + $"'{FormatWithoutChecksums}' or '{Format}'.");
        }
        if (format == Format && !checkpoint.HasChecksums)
            throw new InvalidDataException($"'{path}' is damaged: its metadata lack the checksums.");
        return checkpoint;
    }
}
