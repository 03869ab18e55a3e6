using KeypointMl.Poses;

namespace KeypointMl.Training;

/// <summary>What <see cref="Quickstart"/> measured, on the test split of the puppets, through the ML.NET pipeline.</summary>
/// <param name="Steps">Training steps of each of the two runs.</param>
/// <param name="SelfSupervised">The exported detector that never saw a label.</param>
/// <param name="Supervised">The exported detector of the same networks and steps, trained on labels.</param>
/// <param name="ReportPath">The report.</param>
public sealed record QuickstartResult(int Steps, KeypointMetrics SelfSupervised, KeypointMetrics Supervised, string ReportPath);
