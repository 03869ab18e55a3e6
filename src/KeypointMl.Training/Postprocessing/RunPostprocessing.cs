using System.Globalization;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Postprocessing;

/// <summary>
/// Supervised post-processing of a run: fits <see cref="LinearPostprocessor"/> on labelled frames, writes it as the
/// run's <c>postprocessing.safetensors</c> and what it reaches as <c>metrics-postprocessed.json</c>. The run's networks
/// stay as they are.
/// </summary>
public static class RunPostprocessing
{
    /// <summary>Post-processes the newest checkpoint of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its data set, at the recipe's size.</param>
    /// <param name="recipe">
    /// How to fit. To frames that the run is measured on it is fitted without being measured: they say nothing of it then.
    /// </param>
    /// <param name="device">Where the networks run; null: on the CPU.</param>
    /// <param name="labels">Another data set to take the labelled split of; null: the run's own.</param>
    /// <exception cref="InvalidDataException">
    /// The run has no checkpoint of its training, or the data set no such labelled split, or too few labels.
    /// </exception>
    public static PostprocessingResult Run(
        RunFolder run, IDataset dataset, PostprocessingRecipe recipe, TrainingDevice? device = null, IDataset? labels = null)
    {
        (ITrainedModel opened, Skeleton skeleton, CheckpointFile checkpoint) = TrainedModels.Open(run, device?.Device);
        using ITrainedModel model = opened;
        if (labels is not null)
            RecipeData.RequireKeypoints(skeleton, labels);
        using LabelledFrames? test = RecipeData.OpenTest(dataset);
        return Run(run, dataset, model, test, TrainingData.OpenPrior(run.Recipe, dataset), recipe, checkpoint.Step, labels);
    }

    /// <summary>Post-processes networks in memory.</summary>
    internal static PostprocessingResult Run(
        RunFolder run,
        IDataset dataset,
        ITrainedModel model,
        LabelledFrames? test,
        PosePrior prior,
        PostprocessingRecipe recipe,
        long step,
        IDataset? labels = null)
    {
        IDataset source = labels ?? dataset;
        RequireSplit(source, recipe);
        using LabelledFrames labelled = source.OpenLabelled(recipe.Split);
        int[] chosen = PostprocessorFitting.Require(labelled, recipe);
        bool sawTest = test is not null && TestFrames.Have(test.Frames, labelled.Frames, chosen, areOfTheRun: labels is null);
        PostprocessorFitting.Fit fit = PostprocessorFitting.Run(model.Detector, labelled, recipe, model.Device);
        using LinearPostprocessor postprocessor = fit.Postprocessor;
        postprocessor.Save(run.PostprocessingPath, Notes(fit, recipe, source.Name, step));
        KeypointMetrics? metrics = null;
        File.Delete(run.PostprocessedMetricsPath); // of what was replaced
        if (test is not null && !sawTest)
        {
            using var detector = new PostprocessedDetector(model.Detector, postprocessor);
            metrics = DetectorEvaluation.Evaluate(detector, test, null, prior, device: model.Device);
            AtomicFile.WriteAllText(run.PostprocessedMetricsPath, KeypointMetricsJson.ToJson(metrics));
        }
        return new PostprocessingResult(fit.Ridge, fit.Frames, recipe.Split, fit.ValidationErrors, metrics)
        {
            Dataset = source.Name,
            SawTest = sawTest,
        };
    }

    /// <summary>
    /// Measures landmarks behind a post-processing that is fitted for the purpose: what imm's training shows of its
    /// progress.
    /// </summary>
    internal static KeypointMetrics Measure(
        ITrainedModel model, LabelledFrames labelled, LabelledFrames test, PosePrior prior, Recipe recipe)
    {
        PostprocessorFitting.Fit fit = PostprocessorFitting.Run(model.Detector, labelled, recipe.Postprocessing, model.Device);
        using LinearPostprocessor postprocessor = fit.Postprocessor;
        using var detector = new PostprocessedDetector(model.Detector, postprocessor);
        return DetectorEvaluation.Evaluate(detector, test, recipe.Evaluation.Frames, prior, device: model.Device);
    }

    /// <summary>Complains where the data set has no labels of the split: asked before hours of training.</summary>
    internal static void RequireSplit(IDataset dataset, PostprocessingRecipe recipe)
    {
        if (!dataset.LabelledSplits.Contains(recipe.Split))
        {
            throw new InvalidDataException(
                $"The post-processing is to be fitted to split '{recipe.Split}' of {dataset.Name}, which has labels of "
                + $"{(dataset.LabelledSplits.Count == 0 ? "no split" : string.Join(", ", dataset.LabelledSplits))}. "
                + "Set postprocessing.split to one of them (fitted to test, it is not measured), or do without.");
        }
    }

    private static Dictionary<string, string> Notes(
        PostprocessorFitting.Fit fit, PostprocessingRecipe recipe, string dataset, long step) => new()
        {
            [LinearPostprocessor.StepNote] = step.ToString(CultureInfo.InvariantCulture),
            ["ridge"] = fit.Ridge.ToString("R", CultureInfo.InvariantCulture),
            ["frames"] = fit.Frames.ToString(CultureInfo.InvariantCulture),
            ["split"] = recipe.Split,
            ["data"] = dataset,
            ["validation"] = string.Join("; ", fit.ValidationErrors.Select(
                error => string.Create(CultureInfo.InvariantCulture, $"{error.Ridge:R}: {error.ErrorPercent:F4} %"))),
        };
}

/// <summary>A fitted supervised post-processing and what it does to the error.</summary>
/// <param name="Ridge">λ.</param>
/// <param name="Frames">How many labelled frames it was fitted to.</param>
/// <param name="Split">Of which split.</param>
/// <param name="ValidationErrors">The error of the cross-validation in percent of the image, by λ; empty where λ was given.</param>
/// <param name="Metrics">
/// The post-processed detector on all test frames, or null where the data set has none that it was not fitted to.
/// </param>
public sealed record PostprocessingResult(
    double Ridge,
    int Frames,
    string Split,
    IReadOnlyList<(double Ridge, double ErrorPercent)> ValidationErrors,
    KeypointMetrics? Metrics)
{
    /// <summary>The name of the data set whose split that is.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>Whether it was fitted to the frames that the run is measured on, which then say nothing of it.</summary>
    public bool SawTest { get; init; }
}
