using System.IO.Enumeration;
using System.Security.Cryptography;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;

namespace KeypointMl.Data.Manifests;

/// <summary>Compares a file with what a manifest says about it.</summary>
internal static class ManifestFileChecker
{
    internal static FileFinding Check(ManifestFile file, string dataRoot, bool hash)
    {
        string path = Path.Combine(dataRoot, file.Path);
        return file.Count is null && file.MinCount is null ? CheckFile(file, path, hash) : CheckFolder(file, path);
    }

    private static FileFinding CheckFolder(ManifestFile file, string path)
    {
        if (!Directory.Exists(path))
            return new FileFinding(file, FileStatus.Missing, $"{file.Path}: there is no folder {path}");
        (int found, long bytes) = (0, 0);
        foreach ((string prefix, string[] names) in FolderTree.Walk(path, hidden: true))
        {
            foreach (string name in names.Where(
                name => FileSystemName.MatchesSimpleExpression(file.Pattern, name, ignoreCase: OperatingSystem.IsWindows())))
                (found, bytes) = (found + 1, bytes + new FileInfo(Path.Combine(path, prefix + name)).Length);
        }
        bool enough = file.Count is int count ? found == count : found >= file.MinCount;
        return enough
            ? new FileFinding(file, FileStatus.Ok, $"{file.Path}: {found:N0} files {file.Pattern}, {bytes:N0} bytes")
            : new FileFinding(file, FileStatus.WrongSize,
                $"{file.Path}: {found:N0} files {file.Pattern}; "
                + $"expected {(file.Count is int exact ? $"{exact:N0}" : $"{file.MinCount:N0} or more")}");
    }

    private static FileFinding CheckFile(ManifestFile file, string path, bool hash)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            return new FileFinding(file, FileStatus.Missing, $"{file.Path}: there is no file {path}");
        if (RegularFile.OddKind(path) is { } kind)
            return new FileFinding(file, FileStatus.WrongSize, $"{file.Path}: {kind}; expected a regular file");
        if (file.Size is long size && info.Length != size)
            return new FileFinding(file, FileStatus.WrongSize, $"{file.Path}: {info.Length:N0} bytes; expected {size:N0}");
        if (!hash || file.Sha256 is null)
            return new FileFinding(file, FileStatus.Ok, $"{file.Path}: {info.Length:N0} bytes; content not compared");
        using FileStream stream = info.OpenRead();
        string found = Convert.ToHexStringLower(SHA256.HashData(stream));
        return found == file.Sha256
            ? new FileFinding(file, FileStatus.Ok, $"{file.Path}: {info.Length:N0} bytes; content as expected")
            : new FileFinding(file, FileStatus.WrongHash, $"{file.Path}: SHA-256 {found}; expected {file.Sha256}");
    }
}

/// <summary>What <see cref="DataManifest.Check"/> found out about one file.</summary>
/// <param name="File">What the manifest says.</param>
/// <param name="Status">How it was found.</param>
/// <param name="Message">One line for people: what was expected and what was found.</param>
public sealed record FileFinding(ManifestFile File, FileStatus Status, string Message);

/// <summary>How a file of a manifest was found.</summary>
public enum FileStatus
{
    /// <summary>As the manifest says.</summary>
    Ok,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>Of another size, or a folder with another number of files.</summary>
    WrongSize,

    /// <summary>Of the right size, with another content.</summary>
    WrongHash,
}
