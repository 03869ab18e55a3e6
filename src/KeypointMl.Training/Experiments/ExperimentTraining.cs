namespace KeypointMl.Training;

/// <summary>What a row or a column says about training.</summary>
/// <param name="Recipe"><c>recipe</c>: path of the recipe; null: not said here.</param>
/// <param name="StartFrom"><c>start_from</c>: path of the recipe of a first stage, whose networks the recipe's training starts from, seed by seed; null: none, or not said here.</param>
/// <param name="Settings"><c>set</c>: keys of the recipes with other values, as <c>key=value</c>.</param>
public sealed record ExperimentTraining(string? Recipe, string? StartFrom, IReadOnlyList<string> Settings)
{
    /// <summary>A row's training laid over a column's.</summary>
    internal static ExperimentTraining Merge(ExperimentTraining column, ExperimentTraining row) =>
        new(row.Recipe ?? column.Recipe, row.StartFrom ?? column.StartFrom, [.. column.Settings, .. row.Settings]);
}
