using KeypointMl.Imaging.Files;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Experiments;

/// <summary>Writes an experiment's table as Markdown, CSV and HTML; each appears complete or not at all.</summary>
internal static class ExperimentTableWriter
{
    public static void Write(ExperimentTable table, ExperimentFolder folder, ExperimentPlan plan)
    {
        AtomicFile.WriteAllText(folder.MarkdownPath, ExperimentMarkdown.Render(table));
        AtomicFile.WriteAllText(folder.CsvPath, ExperimentCsv.Render(table));
        AtomicFile.WriteAllText(folder.ReportPath, ExperimentHtml.Render(table, Pictures(folder, plan)));
    }

    /// <summary>The last samples of every cell's first run that has any; cells that show the same run share them.</summary>
    private static List<ReportPicture> Pictures(ExperimentFolder folder, ExperimentPlan plan)
    {
        List<ReportPicture> pictures = [];
        HashSet<string> shown = [];
        foreach (PlannedCell cell in plan.Cells)
        {
            (PlannedRun Run, string Path)? found = cell.Runs.Select(run => (run, LastSample(folder, run)))
                .FirstOrDefault(pair => pair.Item2 is not null) is ({ } run, { } path) ? (run, path) : null;
            if (found is { } sample && shown.Add(sample.Run.Key))
                pictures.Add(new ReportPicture(sample.Run.Recipe.Name, File.ReadAllBytes(sample.Path)));
        }
        return pictures;
    }

    private static string? LastSample(ExperimentFolder folder, PlannedRun run)
    {
        if (folder.Find(run) is not { } path || !File.Exists(Path.Combine(path, "recipe.yaml")))
            return null;
        using var opened = RunFolder.Open(path);
        return opened.ListSamples().LastOrDefault();
    }
}

/// <summary>What the written tables say in words, the same in each.</summary>
internal static class ExperimentText
{
    public static string Legend(Experiment experiment) =>
        "Mean ± standard deviation over the seeds that "
        + $"finished.{(experiment.Paper.Length > 0 ? $" Beside it {experiment.Paper} of Jakab, Gupta et al., Self-supervised Learning of Interpretable Keypoints from Unlabelled Videos (CVPR 2020)." : "")}";

    public static string Heading(ExperimentColumn column) =>
        $"{column.Name}: {column.Metric.Unit}{(column.Postprocessed ? ", post-processed" : "")}";

    public static string PaperHeading(Experiment experiment, ExperimentColumn column) =>
        $"{(experiment.Paper.Length > 0 ? "paper" : "published")}{(column.Paper is null ? "" : $": {column.Paper}")}";

    /// <summary>The cell, with its unit where that is not the column's.</summary>
    public static string Of(CellResult cell) => cell.Planned > 0 && cell.Metric.Unit != cell.Column.Metric.Unit
        ? $"{cell.Text} {cell.Metric.Unit}"
        : cell.Text;

    /// <summary>A sentence for every column of which two rows can be compared with the paper's.</summary>
    public static IEnumerable<string> Orders(ExperimentTable table) =>
        from column in table.Experiment.Columns
        let order = RowOrder.Of(table.Cells.Where(cell => cell.Column == column && cell.Metric == column.Metric))
        where order is not null
        select $"{column.Name}: {order.SamePairs} of {order.Pairs} pairs of rows stand in the paper's order. "
        + $"Best to worst here: {string.Join("; ", order.Ours)}. In the paper: {string.Join("; ", order.Paper)}.";

    public static string Effort(ExperimentTable table) =>
        FormattableString.Invariant(
            $"{table.Runs} runs, {table.Seconds / 60:F0} minutes of training in all{(table.Versions.Count > 0 ? $" ({string.Join("; ", table.Versions)})" : "")}.");
}
