namespace KeypointMl.Training.Reports;

/// <summary>Everything that a report shows, and nothing about how. Empty parts are left out of the page.</summary>
internal sealed record ReportData
{
    /// <summary>The page's title: the run's name.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence on what was learnt from what.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The few figures that matter, shown large.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];

    /// <summary>What the errors are of: data set, split, protocol, unit.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The run and what it is compared with.</summary>
    public IReadOnlyList<ReportResult> Results { get; init; } = [];

    /// <summary>Curves over the steps.</summary>
    public IReadOnlyList<ReportChart> Charts { get; init; } = [];

    /// <summary>Errors by keypoint, by group of keypoints, by group of frames.</summary>
    public IReadOnlyList<ReportBreakdown> Breakdowns { get; init; } = [];

    /// <summary>Pictures, in order; the first is shown open, the others folded.</summary>
    public IReadOnlyList<ReportPicture> Pictures { get; init; } = [];

    /// <summary>The resolved recipe as YAML.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>Where the run came from: versions, seed, hash, machine, times.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Provenance { get; init; } = [];
}

/// <summary>Bars: an error by keypoint or by group.</summary>
/// <param name="Title">With the unit.</param>
/// <param name="Bars">In the order in which to show them; values are not negative.</param>
internal sealed record ReportBreakdown(string Title, IReadOnlyList<KeyValuePair<string, double>> Bars);

/// <summary>Curves in one frame.</summary>
/// <param name="Title">With the unit of the values.</param>
/// <param name="Series">The curves, at least one with a finite point.</param>
/// <param name="References">Horizontal lines to compare with, such as the mean pose's error.</param>
/// <param name="IsWide">Whether it takes the page's whole width.</param>
/// <param name="Along">What the horizontal axis is.</param>
internal sealed record ReportChart(
    string Title,
    IReadOnlyList<ReportSeries> Series,
    IReadOnlyList<KeyValuePair<string, double>>? References = null,
    bool IsWide = false,
    string Along = "step");

/// <summary>A figure shown large.</summary>
/// <param name="Value">With its unit: <c>2.1 %</c>.</param>
/// <param name="Label">What it is of.</param>
internal sealed record ReportFigure(string Value, string Label);

/// <summary>A picture of the report.</summary>
/// <param name="Title">Such as <c>After 500 steps</c>.</param>
/// <param name="Png">A PNG file's bytes.</param>
internal sealed record ReportPicture(string Title, ReadOnlyMemory<byte> Png);

/// <summary>A row of the table of results.</summary>
/// <param name="Name">The run, or a baseline.</param>
/// <param name="ErrorPercentOfImage">Mean error in percent of the image's size.</param>
/// <param name="NmePercent">Mean error in percent of the normalising distance, or null.</param>
/// <param name="Note">What it is, in a few words.</param>
/// <param name="IsRun">Whether this is the run that the report is about.</param>
internal sealed record ReportResult(string Name, double ErrorPercentOfImage, double? NmePercent = null, string Note = "", bool IsRun = false);

/// <summary>A curve.</summary>
/// <param name="Name">For the legend; shown where a chart has several curves.</param>
/// <param name="Points">
/// Ascending along the horizontal axis, most often steps, and values. A value that is not finite breaks the line.
/// </param>
internal sealed record ReportSeries(string Name, IReadOnlyList<(double X, double Value)> Points);
