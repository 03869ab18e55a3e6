using System.Globalization;
using System.Text;

namespace KeypointMl.Training.Experiments;

/// <summary><c>table.md</c>: the table beside the paper's figures.</summary>
internal static class ExperimentMarkdown
{
    public static string Render(ExperimentTable table)
    {
        Experiment experiment = table.Experiment;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {experiment.Title}\n\n");
        if (experiment.Description.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"{experiment.Description}\n\n");
        text.Append(ExperimentText.Legend(experiment)).Append("\n\n");
        Line(["", .. experiment.Columns.SelectMany(
            column => new[] { Cell(ExperimentText.Heading(column)), Cell(ExperimentText.PaperHeading(experiment, column)) })]);
        Line(["---", .. experiment.Columns.SelectMany(_ => new[] { "---", "---" })]);
        string? group = null;
        foreach (ExperimentRow row in experiment.Rows)
        {
            if (row.Group is not null && row.Group != group)
                Line([$"*{Cell(row.Group)}*", .. experiment.Columns.SelectMany(_ => new[] { "", "" })]);
            group = row.Group;
            Line([Cell(row.Name + (row.Note.Length > 0 ? $" ({row.Note})" : "")),
                .. table.Of(row).SelectMany(cell => new[] { Cell(ExperimentText.Of(cell)), Cell(cell.Paper ?? "–") })]);
        }
        foreach (string sentence in ExperimentText.Orders(table).Append(ExperimentText.Effort(table)))
            text.Append(CultureInfo.InvariantCulture, $"\n{sentence}\n");
        return text.ToString();

        void Line(IEnumerable<string> cells) => text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
