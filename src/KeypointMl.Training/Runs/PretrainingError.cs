namespace KeypointMl.Training.Runs;

/// <summary>How near a run's η reads pictures of prior poses, by its log.</summary>
internal static class PretrainingError
{
    /// <summary>
    /// The root mean square distance in percent of the frame, of the last line of η's pre-training; null where the log has none.
    /// </summary>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="IOException">There is no log, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">A line of the log is not what was written.</exception>
    public static double? Percent(string run)
    {
        string log = Path.Combine(run, "log.jsonl");
        if (!File.Exists(log))
            throw new FileNotFoundException($"There is no log {log}; {run} is no run's folder.", log);
        TrainingLogEntry? last = TrainingLog.Read(log).LastOrDefault(
            entry => entry.Phase == TrainingPhase.RegressorPretraining && entry.Losses.ContainsKey("regressor_prior"));
        // The loss is the mean square over both coordinates, in coordinates in which the frame is 2 wide.
        return last is null ? null : 100 * Math.Sqrt(2 * last.Losses["regressor_prior"]) / 2;
    }
}
