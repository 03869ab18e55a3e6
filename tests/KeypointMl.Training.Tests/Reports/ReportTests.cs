using System.Text.RegularExpressions;
using System.Xml.Linq;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class ReportTests
{
    private static readonly ReportResult Run = new("run", 2.5, 7.125, "this run", IsRun: true);

    [TestMethod]
    public void Report_of_a_run_shows_figures_results_curves_pictures_and_recipe()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = MadeUpRun.Create(folder["run"]);

        ReportData data = RunReport.Collect(run, [new("TorchSharp", "0.107.0")], [new("Another run", 3)]);
        ReportWriter.Write(data, run.ReportPath);

        string page = File.ReadAllText(run.ReportPath);
        Assert.AreEqual(new ReportFigure("2.47 %", "mean error, of the image's size"), data.Figures[0]);
        Assert.AreEqual(new ReportFigure("0.23×", "of the mean prior pose's error"), data.Figures[1]);
        Assert.AreEqual(new ReportFigure("10:55", "spent training, pre-training of η included"), data.Figures[^1]);
        CollectionAssert.AreEqual(
            new[] { "made-up <run>", "Mean prior pose", "Random prior pose", "Own mean shape", "Supervised", "Another run" },
            data.Results.Select(result => result.Name).ToArray());
        Assert.HasCount(7, data.Charts);
        Assert.AreEqual("Test error while training, % of image", data.Charts[0].Title);
        Assert.HasCount(5, data.Charts[0].References!);
        CollectionAssert.AreEqual(new[] { "After 2000 steps", "After 1000 steps", "After 50 steps" },
            data.Pictures.Select(picture => picture.Title).ToArray());
        Assert.Contains("made-up &lt;run&gt;", page);
        Assert.DoesNotContain("<run>", page);
        Assert.Contains("width:100.0%", page);
        Assert.Contains("TorchSharp</dt><dd>0.107.0", page);
        Assert.Contains("sigma_squared: 0.06", page);
        Assert.Contains("Own mean shape by part", page);
    }

    [TestMethod]
    public void Report_of_a_run_that_just_began_is_a_page_too()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], Presets.Cpu32 with { Name = "new", Data = new() { Manifest = "data.yaml" } });

        string page = ReportWriter.Render(RunReport.Collect(run));

        Assert.Contains("<h1>new</h1>", page);
        Assert.DoesNotContain("<table", page);
        Assert.DoesNotContain("<svg", page);
    }

    [TestMethod]
    public void Report_of_a_supervised_run_says_that_it_had_labels()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], Presets.Cpu32 with
        {
            Name = "new",
            Method = TrainingMethod.Supervised,
            Data = new() { Manifest = "data.yaml" },
        });

        Assert.StartsWith("Keypoints learnt with labels from data.yaml", RunReport.Collect(run).Summary);
    }

    [TestMethod]
    public void Report_with_damaged_metrics_names_the_file()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], Presets.Cpu32 with { Name = "new", Data = new() { Manifest = "data.yaml" } });
        File.WriteAllText(run.MetricsPath, """{"error_percent_of_image": 2.""");

        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => RunReport.Collect(run));

        Assert.StartsWith($"'{run.MetricsPath}' is not a metrics file", exception.Message);
    }

    [TestMethod]
    public void Page_refers_to_nothing_outside_itself()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = MadeUpRun.Create(folder["run"]);

        string page = ReportWriter.Render(RunReport.Collect(run));

        Assert.DoesNotContain("http:", page);
        Assert.DoesNotContain("https:", page);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("url(", page);
        Assert.DoesNotContain("@import", page);
        foreach (Match source in Regex.Matches(page, "(src|href)=\"([^\"]{0,30})"))
            Assert.StartsWith("data:image/png;base64,", source.Groups[2].Value);
    }

    [TestMethod]
    public void Page_is_well_formed_and_escapes_what_it_is_given()
    {
        const string hostile = "<script>alert('\"&')</script>";
        var data = new ReportData
        {
            Title = hostile,
            Summary = hostile,
            Protocol = hostile,
            Figures = [new(hostile, hostile)],
            Results = [Run with { Name = hostile, Note = hostile }],
            Charts = [new(hostile, [new(hostile, [(1, 2)]), new(hostile, [(1, 3)])], [new(hostile, 1)])],
            Breakdowns = [new(hostile, [new(hostile, 1)])],
            Pictures = [new(hostile, new byte[] { 1, 2, 3 })],
            Recipe = hostile,
            Provenance = [new(hostile, hostile)],
        };

        string page = ReportWriter.Render(data);

        Assert.DoesNotContain("<script", page);
        // Void elements are the only ones that HTML leaves open here.
        string xml = Regex.Replace(page.Replace("<!DOCTYPE html>", ""), "<(meta|img)([^>]*)>", "<$1$2/>");
        XDocument document = XDocument.Parse(xml);
        Assert.AreEqual(hostile, document.Descendants("h1").Single().Value);
    }

    [TestMethod]
    public void Chart_of_values_that_are_not_finite_breaks_the_line_and_stays_valid()
    {
        var chart = new ReportChart("loss", [new("a", [(1, 1), (2, double.NaN), (3, double.PositiveInfinity), (4, 2), (5, 2)])]);

        string page = ReportWriter.Render(new ReportData { Title = "t", Charts = [chart, new("empty", [new("a", [(1, double.NaN)])])] });

        string path = Regex.Match(page, "<path class=\"curve s0\" d=\"([^\"]*)\"").Groups[1].Value;
        Assert.AreEqual(2, path.Count(c => c == 'M'), path);
        Assert.DoesNotContain("NaN", page);
        Assert.DoesNotContain("∞", page);
        Assert.DoesNotContain("empty", page);
    }

    [TestMethod]
    public void Chart_of_a_long_run_stays_small()
    {
        var chart = new ReportChart("loss", [new("a", [.. Enumerable.Range(1, 100_000).Select(step => ((long)step, 1.0 / step))])]);

        Assert.IsLessThan(40_000, ReportWriter.Render(new ReportData { Title = "t", Charts = [chart] }).Length);
    }

    [TestMethod]
    [DataRow(0.1, 10.8, "0 5 10")]
    [DataRow(0.21, 0.24, "0.21 0.22 0.23 0.24")]
    [DataRow(-1.5, 1.5, "-2 -1 0 1")]
    [DataRow(2e6, 9e6, "0 5E+06")]
    [DataRow(3, 3, "3 4 5 6")]
    [DataRow(0, 0, "0 5E-13 1E-12")]
    public void Chart_axis_has_round_ticks(double low, double high, string expected)
    {
        string page = ReportWriter.Render(new ReportData { Title = "t", Charts = [new("c", [new("a", [(1, low), (2, high)])])] });

        Assert.AreEqual(expected,
            string.Join(' ', Regex.Matches(page, "text-anchor=\"end\">([^<]*)<").Select(match => match.Groups[1].Value)));
    }
}
