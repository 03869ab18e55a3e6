using System.Globalization;

namespace KeypointMl.Training.Runs;

/// <summary>What a run's folder has of networks that are the run's no more, because training goes on.</summary>
internal static class LaterFiles
{
    /// <summary>
    /// Takes what came after a checkpoint out of a run: checkpoints, and, where there were any, the results and samples of the
    /// networks that they hold. They get <c>.aside</c> behind their names.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="after">The checkpoint.</param>
    /// <param name="goesOn">
    /// Whether steps are left to train after it: then the results are of earlier networks even where no checkpoint is later.
    /// </param>
    /// <returns>Their new paths.</returns>
    /// <exception cref="IOException">One cannot be renamed.</exception>
    public static IReadOnlyList<string> SetAside(RunFolder run, CheckpointFile after, bool goesOn)
    {
        IReadOnlyList<string> checkpoints = run.Checkpoints.SetAside(after);
        bool wentBack = checkpoints.Count > 0;
        if (!wentBack && !goesOn)
            return [];
        string[] results =
        [
            .. new[] { run.MetricsPath, run.ConfidencePath, run.PostprocessingPath, run.PostprocessedMetricsPath }.Where(File.Exists),
            .. run.ListSamples().Where(sample => wentBack && WhenDrawn(sample).CompareTo((after.Phase, after.Step)) > 0),
        ];
        foreach (string result in results)
            File.Move(result, result + CheckpointFolder.AsideExtension, overwrite: true);
        return [.. checkpoints, .. results.Select(result => result + CheckpointFolder.AsideExtension)];
    }

    private static (TrainingPhase Phase, long Step) WhenDrawn(string sample)
    {
        string name = Path.GetFileNameWithoutExtension(sample);
        (TrainingPhase phase, string prefix) = name.StartsWith(RunFolder.ArticulationSamples, StringComparison.Ordinal)
            ? (TrainingPhase.Articulation, RunFolder.ArticulationSamples)
            : (TrainingPhase.Training, RunFolder.Samples);
        return (phase, long.TryParse(name[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : 0);
    }
}
