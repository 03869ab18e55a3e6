using System.Security.Cryptography;
using System.Text;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Training.Experiments;

/// <summary>
/// One training that an experiment needs: a resolved recipe, whose seed is the run's, and the first stage that it
/// starts from, if any.
/// </summary>
internal sealed record PlannedRun
{
    private const int ShownKeyDigits = 12;

    public PlannedRun(Recipe recipe, PlannedRun? first)
    {
        Recipe = recipe;
        First = first;
        Key = KeyOf(recipe, first);
    }

    /// <summary>The recipe; <c>training.initialise_from</c> is filled in when the run starts.</summary>
    public Recipe Recipe { get; }

    /// <summary>The first stage.</summary>
    public PlannedRun? First { get; }

    /// <summary>
    /// What the result depends on: equal for two runs exactly if their recipes differ in nothing but the name, and
    /// their first stages neither.
    /// </summary>
    public string Key { get; }

    /// <summary>How the run's folder ends, whatever its recipe is called.</summary>
    public string FolderSuffix => $"seed{Recipe.Seed}-{Key[..ShownKeyDigits]}";

    /// <summary>Whether a recipe that a run folder holds is this run's.</summary>
    public bool Is(Recipe recipe) => KeyOf(recipe, First) == Key;

    // Over the differences to the defaults and not over the whole recipe: a key that a later version adds does not make
    // finished runs another's.
    private static string KeyOf(Recipe recipe, PlannedRun? first)
    {
        Recipe neutral = recipe with { Name = "", Training = recipe.Training with { InitialiseFrom = null } };
        IEnumerable<string> lines = neutral.DifferencesFrom(new Recipe()).Order(StringComparer.Ordinal).Append($"first stage {first?.Key}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}

/// <summary>
/// A cell of an experiment's table and the runs that fill it, one a seed; none where the row is cited or not measured
/// in the column.
/// </summary>
internal sealed record PlannedCell(ExperimentRow Row, ExperimentColumn Column, IReadOnlyList<PlannedRun> Runs)
{
    public ExperimentMetric Metric => Row.Metric ?? Column.Metric;

    public bool Postprocessed => Row.Postprocessed || Column.Postprocessed;
}

/// <summary>How a run of an experiment ended.</summary>
public enum RunOutcome
{
    /// <summary>It was trained to its end and measured.</summary>
    Finished,

    /// <summary>A loss or gradient was no longer a number: a result, which the same seed gives again.</summary>
    Diverged,

    /// <summary>Something else went wrong; it is tried again.</summary>
    Failed,
}
