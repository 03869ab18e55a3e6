namespace KeypointMl.Training;

/// <summary>A checkpoint on the disk.</summary>
/// <param name="Path">The file.</param>
/// <param name="Phase">The phase that it was written in.</param>
/// <param name="Step">The last step of that phase that was done.</param>
public sealed record CheckpointFile(string Path, TrainingPhase Phase, long Step);
