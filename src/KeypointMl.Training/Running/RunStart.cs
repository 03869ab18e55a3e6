using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Running;

/// <summary>What a start or a resume goes on with.</summary>
internal static class RunStart
{
    /// <summary>Opens a run's log where training goes on, and sets aside what is of other networks.</summary>
    /// <param name="run">The run.</param>
    /// <param name="start">The checkpoint that it goes on from; null: it begins.</param>
    /// <param name="restored">That checkpoint, opened.</param>
    /// <param name="goesOn">Whether steps are left to train.</param>
    /// <param name="note">Receives what its user must know.</param>
    public static TrainingLog OpenLog(RunFolder run, CheckpointFile? start, CheckpointScope restored, bool goesOn, Action<string> note)
    {
        bool isMissing = !File.Exists(run.LogPath);
        TrainingLog log = TrainingLog.Open(run.LogPath, start?.Phase ?? TrainingPhase.RegressorPretraining, start?.Step ?? 0);
        if (start is null)
            return log;
        string name = Path.GetFileNameWithoutExtension(start.Path);
        if (isMissing)
            note($"There is no {Path.GetFileName(run.LogPath)}: what it said up to '{name}' is lost. It begins anew.");
        if (!restored.HasChecksums)
            note($"'{name}' carries no checksums (an earlier version wrote it): whether it is as it was written is not known.");
        foreach (string aside in LaterFiles.SetAside(run, start, goesOn))
            note($"Set aside, because training goes on from '{name}': {aside}");
        return log;
    }
}
