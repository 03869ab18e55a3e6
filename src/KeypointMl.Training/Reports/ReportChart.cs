namespace KeypointMl.Training;

/// <summary>Curves in one frame.</summary>
/// <param name="Title">With the unit of the values.</param>
/// <param name="Series">The curves, at least one with a finite point.</param>
/// <param name="References">Horizontal lines to compare with, such as the mean pose's error.</param>
/// <param name="IsWide">Whether it takes the page's whole width.</param>
/// <param name="Along">What the horizontal axis is.</param>
public sealed record ReportChart(string Title, IReadOnlyList<ReportSeries> Series, IReadOnlyList<KeyValuePair<string, double>>? References = null, bool IsWide = false, string Along = "step");
