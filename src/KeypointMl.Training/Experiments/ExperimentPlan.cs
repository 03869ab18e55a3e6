using KeypointMl.Data.Manifests;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Training.Experiments;

/// <summary>An experiment's cells with their resolved recipes, and the order in which to run them.</summary>
internal sealed class ExperimentPlan
{
    private ExperimentPlan(IReadOnlyList<PlannedCell> cells) => Cells = cells;

    /// <summary>Every cell, row by row.</summary>
    public IReadOnlyList<PlannedCell> Cells { get; }

    /// <summary>Resolves every recipe.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="seeds">In place of the experiment's own; null: those.</param>
    /// <exception cref="FileNotFoundException">There is no such recipe.</exception>
    /// <exception cref="InvalidDataException">A recipe does not take a setting, or a cell has no recipe.</exception>
    public static ExperimentPlan Create(Experiment experiment, IReadOnlyList<ulong>? seeds = null) => new(
    [
        .. from row in experiment.Rows
           from column in experiment.Columns
           select new PlannedCell(row, column, IsTrained(row, column)
               ? [.. (seeds ?? row.Seeds ?? experiment.Seeds).Select(seed => Resolve(row, column, seed))]
               : []),
    ]);

    /// <summary>
    /// The runs of some rows, each once: all first seeds before all second ones, and a first stage before what starts
    /// from it.
    /// </summary>
    /// <param name="only">The rows' names; null: all.</param>
    public IReadOnlyList<PlannedRun> Order(IReadOnlyList<string>? only)
    {
        List<PlannedCell> chosen = [.. Cells.Where(cell => only is null || only.Contains(cell.Row.Name))];
        int rounds = chosen.Select(cell => cell.Runs.Count).DefaultIfEmpty(0).Max();
        return
        [
            .. from round in Enumerable.Range(0, rounds)
               from cell in chosen
               where round < cell.Runs.Count
               from run in Stages(cell.Runs[round])
               group run by run.Key into same
               select same.First(),
        ];
    }

    private static bool IsTrained(ExperimentRow row, ExperimentColumn column) =>
        !row.Cited && (row.Columns is null || row.Columns.Contains(column.Name));

    private static IEnumerable<PlannedRun> Stages(PlannedRun run) => run.First is { } first ? [.. Stages(first), run] : [run];

    private static PlannedRun Resolve(ExperimentRow row, ExperimentColumn column, ulong seed)
    {
        var training = ExperimentTraining.Merge(column.Training, row.Training);
        if (training.Recipe is null)
        {
            throw new InvalidDataException(
                $"{row.Where}: row '{row.Name}' has no recipe in column '{column.Name}'; "
                + "give the row or the column one (recipe: …), or say cited: true.");
        }
        if (training.Settings.Any(setting => setting.Split('=')[0].Trim() == "seed"))
        {
            throw new InvalidDataException(
                $"{row.Where}: row '{row.Name}' in column '{column.Name}' sets seed, which is that of each of its runs; "
                + "give them as seeds, of the experiment or of the row (--seeds).");
        }
        string[] settings = [.. training.Settings, FormattableString.Invariant($"seed={seed}")];
        PlannedRun? first = training.StartFrom is null ? null : new PlannedRun(Load(training.StartFrom, ", first stage"), null);
        var run = new PlannedRun(Load(training.Recipe, ""), first);
        if ((row.Postprocessed || column.Postprocessed) && run.Recipe.Postprocessing is not { Enabled: true, Split: not "test" })
        {
            throw new InvalidDataException(
                $"{row.Where}: row '{row.Name}' in column '{column.Name}' is measured behind the supervised post-processing, and its "
                + "recipe does not fit one to other frames than the test's; set postprocessing.enabled: true, and postprocessing.split.");
        }
        return run;

        Recipe Load(string path, string stage)
        {
            try
            {
                Recipe recipe = Recipe.Load(ShippedFiles.Find(path), settings);
                if (recipe.Training.InitialiseFrom is not null)
                {
                    throw new InvalidDataException(
                        $"{row.Where}: recipe {path} sets training.initialise_from, which an experiment fills in; "
                        + "name the first stage's recipe as start_from instead.");
                }
                return recipe with { Name = $"{row.Name}, {column.Name}{stage}, seed {seed}" };
            }
            catch (RecipeException exception)
            {
                throw new InvalidDataException($"{row.Where}: row '{row.Name}' in column '{column.Name}': {exception.Message}", exception);
            }
        }
    }
}
