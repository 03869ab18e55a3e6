namespace KeypointMl.Training;

/// <summary>How a call of <see cref="ExperimentRunner.Run"/> ended.</summary>
/// <param name="Finished">Runs that are trained and measured, now or before.</param>
/// <param name="Planned">Runs that were asked for.</param>
/// <param name="Problems">A line for each run, or data set, that went wrong.</param>
/// <param name="InUse">Runs that another process trains.</param>
/// <param name="Stopped">Whether it was asked to stop.</param>
/// <param name="TablePath">The table as Markdown; <c>table.csv</c> and <c>report.html</c> are beside it.</param>
public sealed record ExperimentSummary(int Finished, int Planned, IReadOnlyList<string> Problems, int InUse, bool Stopped, string TablePath);
