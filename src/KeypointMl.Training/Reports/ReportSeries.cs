namespace KeypointMl.Training;

/// <summary>A curve.</summary>
/// <param name="Name">For the legend; shown where a chart has several curves.</param>
/// <param name="Points">Ascending along the horizontal axis, most often steps, and values. A value that is not finite breaks the line.</param>
public sealed record ReportSeries(string Name, IReadOnlyList<(double X, double Value)> Points);
