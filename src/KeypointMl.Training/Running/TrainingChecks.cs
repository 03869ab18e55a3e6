using System.Globalization;
using KeypointMl.Data.Frames;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Running;

/// <summary>What of a recipe and its data would fail, or teach nothing, after hours of training.</summary>
internal static class TrainingChecks
{
    /// <summary>Asks all of it: before a run's folder is made, and before a run goes on.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dataset">Its data set.</param>
    /// <param name="data">What was opened of it.</param>
    /// <param name="begins">Whether a run begins, whose recipe can still be changed.</param>
    /// <exception cref="InvalidDataException">
    /// The data set has no labels of the post-processing's split, none of the test frames that are chosen has a label, too few have
    /// that name the landmarks of a method without names, or they are those it is measured by, x′ would be x, or what it is to start
    /// from does not fit.
    /// </exception>
    /// <exception cref="IOException">There is no run or checkpoint that it is to start from.</exception>
    public static void Require(Recipe recipe, IDataset dataset, TrainingData data, bool begins)
    {
        if (recipe.Postprocessing.Enabled)
            RunPostprocessing.RequireSplit(dataset, recipe.Postprocessing);
        if (!recipe.Method.NamesKeypoints)
            RequireOwnLabels(recipe.Postprocessing, data.Labels!, data.Test, dataset.Name);
        if (data.Test is { } test)
            RequireLabel(test, recipe.Evaluation.Frames);
        if (begins && recipe.Ablation.Condition && (recipe.Method == TrainingMethod.KeypointGan || recipe.Method == TrainingMethod.Imm))
            RequirePairs(recipe, data.Frames, dataset.Name);
        if (begins && recipe.Training.InitialiseFrom is not null)
        {
            using ITrainedModel model = TrainedModels.Create(recipe, dataset.Skeleton);
            Initialisation.Load(recipe, model, dataset.Skeleton);
        }
    }

    // Of such a method only what is behind the post-processing can be measured.
    private static void RequireOwnLabels(PostprocessingRecipe recipe, LabelledFrames labels, LabelledFrames? test, string dataset)
    {
        int[] chosen = PostprocessorFitting.Require(labels, recipe);
        if (test is not null && TestFrames.Have(test.Frames, labels.Frames, chosen, areOfTheRun: true))
        {
            throw new InvalidDataException(
                $"Landmarks without names would be named by split '{recipe.Split}' of {dataset}, of which frames are test frames too: "
                + "the run would be measured on what it was fitted to. Take another split (postprocessing.split).");
        }
    }

    private static void RequireLabel(LabelledFrames test, int? frames)
    {
        if (!DetectorEvaluation.Spread(test.Frames.Count, frames).Any(frame => test.Poses[frame].Any(point => float.IsFinite(point.X))))
        {
            throw new InvalidDataException(
                $"None of the {frames?.ToString(CultureInfo.InvariantCulture) ?? "test"} frames that the training is measured on has a "
                + "label. Choose more of them (evaluation.frames), or leave the test split out of the manifest.");
        }
    }

    // Where most frames are single images and nothing warps one of the two, x′ is x, which Ψ could copy whatever Φ draws.
    private static void RequirePairs(Recipe recipe, IFrameSet frames, string dataset)
    {
        int single = frames.Clips.Count(clip => clip.Length == 1);
        bool isWarped = recipe.Pairs.ThinPlateSpline.Enabled || !AffineDistribution.From(recipe.Pairs.StyleAffine).IsIdentity
            || !(AffineDistribution.From(recipe.Augmentation) with { FlipProbability = 0 }).IsIdentity; // x′ is mirrored with x
        if (isWarped || 2 * single <= frames.Count)
            return;
        throw new InvalidDataException(
            $"{single} of the {frames.Count} training frames of {dataset} are clips of one frame: x′ would be x itself, which the "
            + "generator could copy. Set pairs.thin_plate_spline.enabled to true, which warps an image into a pair, or say which "
            + "frames are of one video (docs/data.md).");
    }
}
