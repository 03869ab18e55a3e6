using System.Globalization;
using System.Text;
using KeypointMl.Imaging.Files;
using static KeypointMl.Training.Reports.ReportPage;

namespace KeypointMl.Training.Reports;

/// <summary>
/// <see cref="ReportData"/> → one HTML file that needs nothing else: styles inline, curves as SVG, pictures as data
/// URIs, no scripts. A content security policy in the page keeps a browser from fetching anything.
/// </summary>
internal static class ReportWriter
{
    private const int MaxFoldedPictures = 4;

    /// <summary>Writes the page; it appears complete or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(ReportData data, string path) => AtomicFile.WriteAllText(path, Render(data));

    /// <summary>The page as text.</summary>
    public static string Render(ReportData data)
    {
        var page = new StringBuilder();
        Begin(page, data.Title, "training report", data.Summary);
        AppendFigures(page, data.Figures);
        AppendResults(page, data);
        AppendPictures(page, data.Pictures);
        AppendCharts(page, data.Charts);
        AppendBreakdowns(page, data.Breakdowns);
        AppendProvenance(page, data);
        End(page);
        return page.ToString();
    }

    private static void AppendFigures(StringBuilder page, IReadOnlyList<ReportFigure> figures)
    {
        if (figures.Count == 0)
            return;
        page.Append("<section class=\"figures\">\n");
        foreach (ReportFigure figure in figures)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<div class=\"figure\"><b>{Html(figure.Value)}</b><span>{Html(figure.Label)}</span></div>\n");
        }
        page.Append("</section>\n");
    }

    private static void AppendResults(StringBuilder page, ReportData data)
    {
        if (data.Results.Count == 0)
            return;
        double longest = data.Results.Where(result => double.IsFinite(result.ErrorPercentOfImage))
            .Select(result => result.ErrorPercentOfImage).DefaultIfEmpty(0).Max();
        bool hasNme = data.Results.Any(result => result.NmePercent is not null);
        page.Append(CultureInfo.InvariantCulture,
            $"<section>\n<h2>Error beside the baselines</h2>\n<p class=\"note\">{Html(data.Protocol)}</p>\n<table "
            + $"class=\"results\">\n<thead><tr><th></th><th class=\"number\">% of image</th>");
        page.Append(hasNme ? "<th class=\"number\">NME %</th>" : "").Append("<th class=\"wide\"></th></tr></thead>\n<tbody>\n");
        foreach (ReportResult result in data.Results)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<tr{(result.IsRun ? " class=\"run\"" : "")}><th "
                + $"scope=\"row\">{Html(result.Name)}<small>{Html(result.Note)}</small></th>");
            page.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{Number(result.ErrorPercentOfImage)}</td>");
            if (hasNme)
            {
                page.Append(CultureInfo.InvariantCulture,
                    $"<td class=\"number\">{(result.NmePercent is { } nme ? Number(nme) : "–")}</td>");
            }
            page.Append(CultureInfo.InvariantCulture, $"<td class=\"wide\">{Bar(result.ErrorPercentOfImage, longest)}</td></tr>\n");
        }
        page.Append("</tbody>\n</table>\n</section>\n");
    }

    private static void AppendPictures(StringBuilder page, IReadOnlyList<ReportPicture> pictures)
    {
        if (pictures.Count == 0)
            return;
        page.Append("<section>\n<h2>What the networks see and draw</h2>\n");
        page.Append(CultureInfo.InvariantCulture,
            $"<figure>{Image(pictures[0])}<figcaption>{Html(pictures[0].Title)}</figcaption></figure>\n");
        foreach (ReportPicture picture in pictures.Skip(1).Take(MaxFoldedPictures))
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<details><summary>{Html(picture.Title)}</summary><figure>{Image(picture)}</figure></details>\n");
        }
        page.Append("</section>\n");
    }

    private static void AppendCharts(StringBuilder page, IReadOnlyList<ReportChart> charts)
    {
        if (charts.Count == 0)
            return;
        page.Append("<section>\n<h2>Curves</h2>\n<div class=\"charts\">\n");
        foreach (ReportChart chart in charts)
            page.Append(SvgChart.Render(chart));
        page.Append("</div>\n</section>\n");
    }

    private static void AppendBreakdowns(StringBuilder page, IReadOnlyList<ReportBreakdown> breakdowns)
    {
        if (breakdowns.Count == 0)
            return;
        page.Append("<section>\n<h2>Where the error is</h2>\n<div class=\"breakdowns\">\n");
        foreach (ReportBreakdown breakdown in breakdowns)
        {
            double longest = breakdown.Bars.Select(bar => bar.Value).Where(double.IsFinite).DefaultIfEmpty(0).Max();
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"card\">\n<h3>{Html(breakdown.Title)}</h3>\n<table class=\"bars\">\n");
            foreach ((string name, double value) in breakdown.Bars)
            {
                page.Append(CultureInfo.InvariantCulture,
                    $"<tr><th scope=\"row\">{Html(name)}</th><td class=\"number\">{Number(value)}</td><td "
                    + $"class=\"wide\">{Bar(value, longest)}</td></tr>\n");
            }
            page.Append("</table>\n</div>\n");
        }
        page.Append("</div>\n</section>\n");
    }

    private static void AppendProvenance(StringBuilder page, ReportData data)
    {
        if (data.Provenance.Count > 0)
        {
            page.Append("<section>\n<h2>Provenance</h2>\n<dl>\n");
            foreach ((string name, string value) in data.Provenance)
                page.Append(CultureInfo.InvariantCulture, $"<dt>{Html(name)}</dt><dd>{Html(value)}</dd>\n");
            page.Append("</dl>\n</section>\n");
        }
        if (data.Recipe.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<section>\n<details><summary>Recipe, every key with its "
                + $"value</summary><pre>{Html(data.Recipe)}</pre></details>\n</section>\n");
        }
    }

    private static string Bar(double value, double longest) =>
        double.IsFinite(value) && longest > 0
        ? string.Create(CultureInfo.InvariantCulture, $"<i style=\"width:{100 * value / longest:F1}%\"></i>")
        : "";

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("F2", CultureInfo.InvariantCulture) : "–";
}
