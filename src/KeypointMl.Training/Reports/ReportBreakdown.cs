namespace KeypointMl.Training;

/// <summary>Bars: an error by keypoint or by group.</summary>
/// <param name="Title">With the unit.</param>
/// <param name="Bars">In the order in which to show them; values are not negative.</param>
public sealed record ReportBreakdown(string Title, IReadOnlyList<KeyValuePair<string, double>> Bars);
