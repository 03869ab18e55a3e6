namespace KeypointMl.Training;

/// <summary>The state after a step.</summary>
/// <param name="Step">Steps of the phase that are done.</param>
/// <param name="Images">Images that the step took; 0 in a phase that sees none.</param>
/// <param name="Losses">Losses by name, in the order in which to show them. On a GPU those of the last step that was read, every tenth; empty before.</param>
public readonly record struct ProgressUpdate(long Step, int Images, IReadOnlyList<KeyValuePair<string, double>> Losses);
