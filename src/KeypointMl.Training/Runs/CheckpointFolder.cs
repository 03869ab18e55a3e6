using System.Globalization;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Training.Runs;

/// <summary>
/// The checkpoints of a run, one self-contained file each: <c>&lt;phase&gt;-&lt;step&gt;.safetensors</c>. Written whole
/// or not at all; the one before is kept, so that a checkpoint that turns out to be bad has a predecessor.
/// </summary>
public sealed class CheckpointFolder
{
    private const string Extension = ".safetensors";

    /// <summary>What stands behind the names of files that are not the run's any more.</summary>
    internal const string AsideExtension = ".aside";

    private readonly int keep;

    /// <summary>The checkpoints in a folder.</summary>
    /// <param name="path">The folder; made by the first <see cref="Write"/>.</param>
    /// <param name="keep">How many of the newest to keep, at least 1.</param>
    public CheckpointFolder(string path, int keep = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        Path = path;
        this.keep = keep;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The checkpoints, the newest first. Files with other names are left alone and out.</summary>
    public IReadOnlyList<CheckpointFile> List()
    {
        if (!Directory.Exists(Path))
            return [];
        return [.. Directory.EnumerateFiles(Path, "*" + Extension).Select(Parse).OfType<CheckpointFile>()
            .OrderByDescending(file => file.Phase).ThenByDescending(file => file.Step)];
    }

    /// <summary>Finds a checkpoint.</summary>
    /// <param name="name">Its name, such as <c>training-00000500</c>, with or without extension and folder.</param>
    /// <exception cref="FileNotFoundException">There is none of that name; the message lists those there are.</exception>
    public CheckpointFile Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string file = System.IO.Path.GetFileName(name);
        file = file.EndsWith(Extension, StringComparison.Ordinal) ? file[..^Extension.Length] : file;
        IReadOnlyList<CheckpointFile> all = List();
        string[] names = [.. all.Select(checkpoint => System.IO.Path.GetFileNameWithoutExtension(checkpoint.Path))];
        int at = Array.IndexOf(names, file);
        if (at >= 0)
            return all[at];
        string there = names.Length == 0 ? "none" : string.Join(", ", names.Select(other => $"'{other}'"));
        throw new FileNotFoundException($"There is no checkpoint '{name}' in '{Path}'; found {there}.", name);
    }

    /// <summary>Takes the checkpoints after one out of the list: they get <c>.aside</c> behind their names.</summary>
    /// <returns>Their new paths.</returns>
    /// <exception cref="IOException">One cannot be renamed.</exception>
    public IReadOnlyList<string> SetAside(CheckpointFile after)
    {
        ArgumentNullException.ThrowIfNull(after);
        List<string> aside = [];
        foreach (CheckpointFile newer in List().Where(other => (other.Phase, other.Step).CompareTo((after.Phase, after.Step)) > 0))
        {
            aside.Add(newer.Path + AsideExtension);
            File.Move(newer.Path, aside[^1], overwrite: true);
        }
        return aside;
    }

    /// <summary>Writes a checkpoint and removes those older than the newest that are kept.</summary>
    /// <exception cref="IOException">It cannot be written; those before it are still there.</exception>
    public CheckpointFile Write(TrainingPhase phase, long step, Action<Stream> write)
    {
        Directory.CreateDirectory(Path);
        var file = new CheckpointFile(
            System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{NameOf(phase)}-{step:D8}{Extension}")),
            phase, step);
        AtomicFile.Write(file.Path, write);
        foreach (CheckpointFile old in List().Where(other => (other.Phase, other.Step).CompareTo((phase, step)) < 0).Skip(keep - 1))
            File.Delete(old.Path);
        return file;
    }

    private static string NameOf(TrainingPhase phase) => phase switch
    {
        TrainingPhase.RegressorPretraining => "pretraining",
        TrainingPhase.Articulation => "articulation",
        _ => "training",
    };

    private static CheckpointFile? Parse(string path)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        foreach (TrainingPhase phase in Enum.GetValues<TrainingPhase>())
        {
            string prefix = NameOf(phase) + "-";
            if (name.StartsWith(prefix, StringComparison.Ordinal)
                && long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step))
                return new CheckpointFile(path, phase, step);
        }
        return null;
    }
}

/// <summary>A checkpoint on the disk.</summary>
/// <param name="Path">The file.</param>
/// <param name="Phase">The phase that it was written in.</param>
/// <param name="Step">The last step of that phase that was done.</param>
public sealed record CheckpointFile(string Path, TrainingPhase Phase, long Step);
