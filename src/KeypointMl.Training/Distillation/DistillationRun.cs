using System.Globalization;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Distillation;

/// <summary>
/// Makes a student of a run: what the run has learnt without labels is articulated in the subject's own frame of
/// reference (<see cref="ArticulationRecipe"/>) and taught to one small network (<see cref="StudentRecipe"/>), which is
/// what is exported. A distillation is a run like another, with a recipe of its own.
/// </summary>
public static class DistillationRun
{
    /// <summary>The recipe of a run's distillation.</summary>
    /// <param name="run">
    /// A run of <c>keypoint-gan</c> that has been trained; its <c>articulation</c> and <c>student</c> are followed.
    /// </param>
    /// <param name="overrides">Each <c>a.b=value</c>, as in <see cref="Recipe.Load"/>; of the run's recipe.</param>
    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet, or is of another method.</exception>
    /// <exception cref="RecipeException">An override has problems, or the recipe has; the message lists all of them.</exception>
    public static Recipe RecipeOf(RunFolder run, IEnumerable<string>? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        CheckpointFile trained = run.RequireTrained();
        Recipe origin = Recipe.Parse(run.Recipe.ToYaml(), run.RecipePath, overrides);
        if (origin.Method != TrainingMethod.KeypointGan)
        {
            throw new InvalidDataException(
                $"The run '{run.Path}' is of method {origin.Method}; "
                + $"only a run of {TrainingMethod.KeypointGan}, which names keypoints without labels, is distilled.");
        }
        StudentRecipe student = origin.Student with
        {
            TeacherSize = origin.Size,
            Teacher = string.Create(CultureInfo.InvariantCulture, $"{run.Recipe.Name}, recipe {run.Recipe.Hash}, step {trained.Step}"),
        };
        Recipe recipe = origin with
        {
            Name = $"{origin.Name} (student)",
            Method = TrainingMethod.Distillation,
            Size = student.Size,
            Student = student,
            Augmentation = student.Augmentation,
            Losses = origin.Losses with { Further = NamedWeights.None }, // of the run's own training
            Training = origin.Training with
            {
                InitialiseFrom = run.Path,
                Steps = student.Steps,
                Batch = student.Batch,
                LearningRate = student.LearningRate,
                Betas = student.Betas,
                DecayFrom = student.DecayFrom,
            },
        };
        recipe.Validate();
        return recipe;
    }
}
