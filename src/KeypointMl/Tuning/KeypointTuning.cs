namespace KeypointMl;

/// <summary>What <see cref="KeypointDetectionOptions.AutoTune"/> measured on this machine and chose.</summary>
/// <param name="Chosen">
/// The way in use: of those within 3 % of the fastest the one with the smallest batch.
/// </param>
/// <param name="Trials">All that was measured.</param>
public sealed record KeypointTuning(KeypointTuningTrial Chosen, IReadOnlyList<KeypointTuningTrial> Trials)
{
    /// <summary>One line for a log.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Chosen.ParallelRuns} batches of {Chosen.BatchSize} at once with {Chosen.IntraOpThreads} threads each: {Chosen.ImagesPerSecond:F0} images/s ({Trials.Count} ways measured)");
}
