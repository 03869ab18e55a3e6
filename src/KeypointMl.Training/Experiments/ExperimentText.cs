namespace KeypointMl.Training;

/// <summary>What the written tables say in words, the same in each.</summary>
internal static class ExperimentText
{
    public static string Legend(Experiment experiment) =>
        $"Mean ± standard deviation over the seeds that finished.{(experiment.Paper.Length > 0 ? $" Beside it {experiment.Paper} of Jakab, Gupta et al., Self-supervised Learning of Interpretable Keypoints from Unlabelled Videos (CVPR 2020)." : "")}";

    public static string Heading(ExperimentColumn column) => $"{column.Name}: {column.Metric.Unit}{(column.Postprocessed ? ", post-processed" : "")}";

    public static string PaperHeading(Experiment experiment, ExperimentColumn column) => $"{(experiment.Paper.Length > 0 ? "paper" : "published")}{(column.Paper is null ? "" : $": {column.Paper}")}";

    /// <summary>The cell, with its unit where that is not the column's.</summary>
    public static string Of(CellResult cell) => cell.Planned > 0 && cell.Metric.Unit != cell.Column.Metric.Unit ? $"{cell.Text} {cell.Metric.Unit}" : cell.Text;

    /// <summary>A sentence for every column of which two rows can be compared with the paper's.</summary>
    public static IEnumerable<string> Orders(ExperimentTable table) =>
        from column in table.Experiment.Columns
        let order = RowOrder.Of(table.Cells.Where(cell => cell.Column == column && cell.Metric == column.Metric))
        where order is not null
        select $"{column.Name}: {order.SamePairs} of {order.Pairs} pairs of rows stand in the paper's order. Best to worst here: {string.Join("; ", order.Ours)}. In the paper: {string.Join("; ", order.Paper)}.";

    public static string Effort(ExperimentTable table) =>
        FormattableString.Invariant($"{table.Runs} runs, {table.Seconds / 60:F0} minutes of training in all{(table.Versions.Count > 0 ? $" ({string.Join("; ", table.Versions)})" : "")}.");
}
