using System.Globalization;
using CsvHelper;

namespace KeypointMl.Training.Experiments;

/// <summary><c>table.csv</c>: a line for every cell.</summary>
internal static class ExperimentCsv
{
    public static string Render(ExperimentTable table)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var csv = new CsvWriter(text, new CsvHelper.Configuration.CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        Line("row", "column", "metric", "unit", "mean", "standard_deviation", "seeds", "values", "planned_seeds", "diverged_seeds",
            "failed_seeds", "paper");
        foreach (CellResult cell in table.Cells)
        {
            Line(
                cell.Row.Name, cell.Column.Name, cell.Metric.Path, cell.Metric.Unit, Number(cell.Mean),
                Number(cell.StandardDeviation), Seeds(cell.Values.Select(value => value.Seed)),
                string.Join(' ', cell.Values.Select(value => Number(value.Value))),
                cell.Planned.ToString(CultureInfo.InvariantCulture), Seeds(cell.Diverged), Seeds(cell.Failed), cell.Paper ?? "");
        }
        csv.Flush();
        return text.ToString();

        void Line(params IEnumerable<string> fields)
        {
            foreach (string field in fields)
                csv.WriteField(field);
            csv.NextRecord();
        }
    }

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";

    private static string Seeds(IEnumerable<ulong> seeds) =>
        string.Join(' ', seeds.Select(seed => seed.ToString(CultureInfo.InvariantCulture)));
}
