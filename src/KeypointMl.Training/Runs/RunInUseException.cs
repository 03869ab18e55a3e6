namespace KeypointMl.Training.Runs;

/// <summary>Another process is writing the run.</summary>
/// <param name="path">The run's folder.</param>
/// <param name="inner">How its lock was found taken.</param>
public sealed class RunInUseException(string path, Exception inner)
    : IOException($"Another process is training in '{path}'; wait for it, or stop it.", inner);
