using System.Globalization;
using System.Text;
using KeypointMl.Training.Reports;

namespace KeypointMl.Training.Experiments;

/// <summary><c>report.html</c>: the table with bars, and what the newest run of every cell draws.</summary>
internal static class ExperimentHtml
{
    public static string Render(ExperimentTable table, IReadOnlyList<ReportPicture> pictures)
    {
        Experiment experiment = table.Experiment;
        var page = new StringBuilder();
        ReportPage.Begin(page, experiment.Title, "experiment", experiment.Description);
        page.Append(CultureInfo.InvariantCulture,
            $"<section>\n<p class=\"note\">{ReportPage.Html(ExperimentText.Legend(experiment))}</p>\n<table "
            + $"class=\"results\">\n<thead><tr><th></th>");
        foreach (ExperimentColumn column in experiment.Columns)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<th>{ReportPage.Html(ExperimentText.Heading(column))}</th><th>{ReportPage.Html(ExperimentText.PaperHeading(experiment, column))}</th>");
        }
        page.Append("</tr></thead>\n<tbody>\n");
        AppendRows(page, table);
        page.Append("</tbody>\n</table>\n");
        foreach (string sentence in ExperimentText.Orders(table).Append(ExperimentText.Effort(table)))
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{ReportPage.Html(sentence)}</p>\n");
        page.Append("</section>\n");
        if (pictures.Count > 0)
            page.Append("<section>\n<h2>The last samples of every row</h2>\n");
        foreach (ReportPicture picture in pictures)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<figure>{ReportPage.Image(picture)}<figcaption>{ReportPage.Html(picture.Title)}</figcaption></figure>\n");
        }
        page.Append(pictures.Count > 0 ? "</section>\n" : "");
        ReportPage.End(page);
        return page.ToString();
    }

    private static void AppendRows(StringBuilder page, ExperimentTable table)
    {
        int width = 1 + 2 * table.Experiment.Columns.Count;
        string? group = null;
        foreach (ExperimentRow row in table.Experiment.Rows)
        {
            if (row.Group is not null && row.Group != group)
                page.Append(CultureInfo.InvariantCulture, $"<tr><th colspan=\"{width}\">{ReportPage.Html(row.Group)}</th></tr>\n");
            group = row.Group;
            page.Append(CultureInfo.InvariantCulture,
                $"<tr{(row.Cited ? "" : " class=\"run\"")}><th "
                + $"scope=\"row\">{ReportPage.Html(row.Name)}<small>{ReportPage.Html(row.Note)}</small></th>");
            foreach (CellResult cell in table.Of(row))
            {
                page.Append(CultureInfo.InvariantCulture,
                    $"<td>{ReportPage.Html(ExperimentText.Of(cell))}{Bar(cell, table)}</td><td>{ReportPage.Html(cell.Paper ?? "–")}</td>");
            }
            page.Append("</tr>\n");
        }
    }

    private static string Bar(CellResult cell, ExperimentTable table)
    {
        double longest = table.Cells.Where(other => other.Column == cell.Column && other.Metric.Unit == cell.Metric.Unit)
            .Select(other => other.Mean ?? 0).Max();
        return cell.Mean is { } mean && longest > 0
            ? string.Create(CultureInfo.InvariantCulture, $"<i style=\"width:{100 * Math.Max(0, mean) / longest:F1}%\"></i>")
            : "";
    }
}
