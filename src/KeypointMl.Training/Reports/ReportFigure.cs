namespace KeypointMl.Training;

/// <summary>A figure shown large.</summary>
/// <param name="Value">With its unit: <c>2.1 %</c>.</param>
/// <param name="Label">What it is of.</param>
public sealed record ReportFigure(string Value, string Label);
