using System.Globalization;
using System.Text;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Reports;

/// <summary>A <see cref="ReportChart"/> as SVG; colours come from the page's style sheet, so that they follow light and dark.</summary>
internal sealed class SvgChart
{
    private const int MaxPoints = 400;
    private const int MaxMarks = 60;
    private const int Colours = 5;
    private const double Top = 12;
    private const double Bottom = 24;
    private const double Left = 44;

    private readonly ReportChart chart;
    private readonly double width;
    private readonly double height;
    private readonly double right;
    private readonly AxisScale x;
    private readonly AxisScale y;

    private SvgChart(ReportChart chart)
    {
        this.chart = chart;
        (width, height) = chart.IsWide ? (1000, 300) : (330, 190);
        // Room for the last values and the names of references and curves.
        right = chart.References is { Count: > 0 } ? 150 : chart.Series.Count > 1 ? 96 : 52;
        List<double> values =
        [
            .. Finite(chart).Select(point => point.Value), .. (chart.References ?? []).Select(reference => reference.Value),
        ];
        x = new AxisScale(0, Finite(chart).Max(point => point.X), chart.IsWide ? 8 : 4);
        // From zero where zero is near anyway: a curve that only looks steep misleads.
        y = new AxisScale(values.Min() is var low && low >= 0 && low < 0.6 * values.Max() ? 0 : low, values.Max(), 4);
    }

    /// <summary>The chart in its card; nothing where no point is finite.</summary>
    public static string Render(ReportChart chart) => Finite(chart).Any() ? new SvgChart(chart).Render() : "";

    private static IEnumerable<(double X, double Value)> Finite(ReportChart chart) =>
        chart.Series.SelectMany(series => series.Points).Where(point => double.IsFinite(point.Value));

    private string Render()
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<div class=\"card{(chart.IsWide ? " full" : "")}\">\n<h3>{ReportPage.Html(chart.Title)}{(chart.Series.Any(series => series.Points.Count > MaxMarks) ? "<small>bold: running mean</small>" : "")}</h3>\n");
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{ReportPage.Html(chart.Title)}\">\n");
        AppendGrid(svg);
        var labels = new List<(double Y, string Class, string Text)>();
        foreach ((string name, double value) in chart.References ?? [])
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line class=\"reference\" x1=\"{Left}\" x2=\"{width - right:F1}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\"/>\n");
            labels.Add((Y(value), "", $"{name} {ProgressText.Number(value)}"));
        }
        for (int i = 0; i < chart.Series.Count; i++)
            AppendSeries(svg, i, labels);
        AppendLabels(svg, labels);
        return svg.Append("</svg>\n</div>\n").ToString();
    }

    private double X(double along) => Left + x.Fraction(along) * (width - Left - right);

    private double Y(double value) => height - Bottom - y.Fraction(value) * (height - Top - Bottom);

    private void AppendGrid(StringBuilder svg)
    {
        foreach (double tick in y.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{Left}\" x2=\"{width - right:F1}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick:G4}</text>\n");
        }
        foreach (double tick in x.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{X(tick):F1}\" y=\"{height - 6}\" text-anchor=\"middle\">{StepText(tick)}</text>\n");
        }
    }

    private void AppendSeries(StringBuilder svg, int index, List<(double Y, string Class, string Text)> labels)
    {
        ReportSeries series = chart.Series[index];
        string colour = $"s{index % Colours}";
        List<(double X, double Value)> points = Thin(series.Points);
        List<(double X, double Value)> curve = points;
        if (points.Count <= MaxMarks)
        {
            // Few points are measurements, each worth a mark; many are a noisy curve, drawn faintly under its running mean.
            foreach ((double along, double value) in points.Where(point => double.IsFinite(point.Value)))
            {
                svg.Append(CultureInfo.InvariantCulture,
                    $"<circle class=\"{colour}\" cx=\"{X(along):F1}\" cy=\"{Y(value):F1}\" "
                    + $"r=\"2.2\"><title>{ReportPage.Html(chart.Along)} {along:0.##}: {ProgressText.Number(value)}</title></circle>\n");
            }
        }
        else
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"raw {colour}\" d=\"{PathOf(points)}\"/>\n");
            curve = RunningMean(points, points.Count / 20);
        }
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"curve {colour}\" d=\"{PathOf(curve)}\"/>\n");
        if (curve.FindLast(point => double.IsFinite(point.Value)) is { X: > 0 } last)
        {
            labels.Add((Y(last.Value),
                $"last {colour}", (chart.Series.Count > 1 ? series.Name + " " : "") + ProgressText.Number(last.Value)));
        }
    }

    private string PathOf(List<(double X, double Value)> points)
    {
        var path = new StringBuilder();
        bool pen = false;
        foreach ((double along, double value) in points)
        {
            if (double.IsFinite(value))
                path.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{X(along):F1} {Y(value):F1}");
            pen = double.IsFinite(value);
        }
        return path.ToString();
    }

    /// <summary>Labels at the right edge, pushed apart where they would overlap.</summary>
    private void AppendLabels(StringBuilder svg, List<(double Y, string Class, string Text)> labels)
    {
        const double lineHeight = 13;
        labels.Sort((a, b) => a.Y.CompareTo(b.Y));
        double[] places = [.. labels.Select(label => label.Y)];
        for (int i = 1; i < places.Length; i++)
            places[i] = Math.Max(places[i], places[i - 1] + lineHeight);
        double overflow = places.Length > 0 ? Math.Max(0, places[^1] - (height - Bottom)) : 0;
        for (int i = places.Length - 1; i >= 0 && overflow > 0; i--)
            places[i] = i == places.Length - 1 ? places[i] - overflow : Math.Min(places[i], places[i + 1] - lineHeight);
        for (int i = 0; i < labels.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"{labels[i].Class}\" x=\"{width - right + 7:F1}\" "
                + $"y=\"{places[i] + 4:F1}\">{ReportPage.Html(labels[i].Text)}</text>\n");
        }
    }

    /// <summary>At most <see cref="MaxPoints"/> points, each the mean of its neighbours, so that a long run stays a small file.</summary>
    private static List<(double X, double Value)> Thin(IReadOnlyList<(double X, double Value)> points)
    {
        int group = (points.Count + MaxPoints - 1) / MaxPoints;
        return group <= 1
            ? [.. points]
            : [.. points.Chunk(group).Select(chunk => (chunk.Average(point => point.X), chunk.Average(point => point.Value)))];
    }

    /// <summary>
    /// The mean of each point and up to <paramref name="radius"/> finite neighbours on either side; as many on both, so
    /// that ends are not dragged inwards.
    /// </summary>
    private static List<(double X, double Value)> RunningMean(List<(double X, double Value)> points, int radius)
    {
        var means = new List<(double, double)>(points.Count);
        for (int i = 0; i < points.Count; i++)
        {
            int reach = Math.Min(radius, Math.Min(i, points.Count - 1 - i));
            IEnumerable<double> near = points.Skip(i - reach).Take(2 * reach + 1).Select(point => point.Value).Where(double.IsFinite);
            means.Add((points[i].X, double.IsFinite(points[i].Value) ? near.Average() : double.NaN));
        }
        return means;
    }

    private static string StepText(double step) => step >= 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{step / 1000:0.##}k")
        : step.ToString("0.##", CultureInfo.InvariantCulture);
}
