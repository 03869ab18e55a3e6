using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Models;

/// <summary>What to do about a checkpoint that cannot be used.</summary>
internal static class CheckpointAdvice
{
    /// <summary>Looks at those before it.</summary>
    /// <param name="bad">The checkpoint.</param>
    /// <param name="check">Reads a file; true where it is proved to be good, false where it can be read and has no checksums.
    /// Throws where it is damaged.</param>
    /// <returns>Whole sentences.</returns>
    public static string For(CheckpointFile bad, Func<string, bool> check)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(bad.Path))!;
        string name = Path.GetFileName(bad.Path);
        CheckpointFile[] all = [.. new CheckpointFolder(folder).List()];
        int at = Array.FindIndex(all, file => Path.GetFileName(file.Path) == name);
        CheckpointFile[] before = at < 0 ? [] : all[(at + 1)..];
        List<string> damaged = [];
        foreach (CheckpointFile file in before)
        {
            string found = Path.GetFileNameWithoutExtension(file.Path);
            try
            {
                string state = check(file.Path)
                    ? "is good"
                    : "can be read, but carries no checksums that would prove it good (an earlier version wrote it)";
                string others = damaged.Count == 0 ? "" : $"So {(damaged.Count == 1 ? "is" : "are")} {string.Join(" and ", damaged)}. ";
                return $"{others}The checkpoint before, '{found}', {state}. Go on from it: "
                    + $"give the command that trained it --resume --checkpoint {found}";
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                damaged.Add($"'{found}'");
            }
        }
        return damaged.Count == 0
            ? "There is no checkpoint before it. Restore the file, or train again in a new folder."
            : $"Those before it ({string.Join(", ", damaged)}) are damaged too. Restore one of the files, or train again in a new folder.";
    }
}
