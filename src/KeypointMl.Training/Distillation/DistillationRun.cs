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
    private static readonly string[] StudentsOwn =
        ["training.steps", "training.batch", "training.learning_rate", "training.betas", "training.decay_from"];

    /// <summary>The recipe of a run's distillation.</summary>
    /// <param name="run">
    /// A run of <c>keypoint-gan</c> that has been trained; its <c>articulation</c> and <c>student</c> are followed.
    /// </param>
    /// <param name="overrides">
    /// Each <c>a.b=value</c>, as in <see cref="Recipe.Load"/>; of the run's recipe. What the student has a key of its own for is
    /// set there: <c>student.steps</c>, not <c>training.steps</c>.
    /// </param>
    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet, or is of another method.</exception>
    /// <exception cref="RecipeException">An override has problems, or the recipe has; the message lists all of them.</exception>
    public static Recipe RecipeOf(RunFolder run, IEnumerable<string>? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        CheckpointFile trained = run.RequireTrained();
        string[] given = [.. overrides ?? []];
        RequireOwn(given, run.RecipePath);
        Recipe origin = Recipe.Parse(run.Recipe.ToYaml(), run.RecipePath, given);
        if (origin.Method != TrainingMethod.KeypointGan)
        {
            throw new InvalidDataException(
                $"The run '{run.Path}' is of method {origin.Method}; "
                + $"only a run of {TrainingMethod.KeypointGan}, which names keypoints without labels, is distilled.");
        }
        StudentRecipe student = origin.Student with
        {
            TeacherSize = run.Recipe.Size,
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
                // How many threads the teacher was trained with says nothing of the machine that distils it.
                Threads = given.Any(text => KeyOf(text) == "training.threads") ? origin.Training.Threads : 0,
            },
        };
        recipe.Validate();
        return recipe;
    }

    /// <summary>Complains of keys that a distillation has another value for, or that are what its run is.</summary>
    private static void RequireOwn(IEnumerable<string> overrides, string recipePath)
    {
        RecipeProblem[] problems = [.. overrides.Select(text => (Text: text, Key: KeyOf(text)))
            .Select(item => (item.Text, item.Key, Why: WhyNot(item.Key)))
            .Where(item => item.Why is not null)
            .Select(item => new RecipeProblem($"--set {item.Text}", item.Key, item.Why!))];
        if (problems.Length > 0)
            throw new RecipeException(recipePath, problems);
    }

    private static string? WhyNot(string key)
    {
        string section = key.Split('.')[0];
        if (key == "size" || section == "augmentation" || StudentsOwn.Contains(key))
            return $"is the run's that is distilled; the student's is student.{key[(key.StartsWith("training.", StringComparison.Ordinal) ? 9 : 0)..]}.";
        if (key is "method" or "student.teacher" or "student.teacher_size" or "training.initialise_from")
            return "is given by the run that is distilled and cannot be set.";
        return key.StartsWith("losses.further", StringComparison.Ordinal)
            ? "is a loss of keypoint-gan's training, which a distillation does not have."
            : null;
    }

    private static string KeyOf(string text) => text.Split('=')[0].Trim();
}
