using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using KeypointMl.Studio.Answers;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Files;

/// <summary>
/// The files that the page may see: those it was started with, those below the folders it was started with, and those that were
/// dropped on it. A file is known by its root's number and its path below that, with forward slashes: <c>0/day1/cage.mp4</c>.
/// </summary>
internal sealed class VisibleFiles
{
    /// <summary>The root of what was dropped on the page.</summary>
    public const string Dropped = "dropped";

    private const int MostEntries = 5000;
    private static readonly string[] VideoExtensions =
    [
        ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".flv", ".ts", ".mts", ".m2ts", ".ogv", ".mxf",
    ];
    private static readonly string[] PoseExtensions = [".parquet", ".slp", ".h5", ".csv", ".json", ".jsonl"];
    private static readonly EnumerationOptions Everywhere =
        new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
    private static readonly char[] Forbidden = Path.GetInvalidFileNameChars();

    private readonly List<(string Id, string Path)> roots = [];

    /// <param name="paths">Folders and files.</param>
    /// <param name="dropped">The folder of what is dropped on the page.</param>
    /// <exception cref="FileNotFoundException">There is nothing at a path.</exception>
    public VisibleFiles(IEnumerable<string> paths, string dropped)
    {
        foreach (string path in paths)
        {
            if (!Path.Exists(path))
                throw new FileNotFoundException($"There is no file or folder {PrintableText.Of(path)}.", path);
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            if (!roots.Any(root => root.Path == full))
                roots.Add((roots.Count.ToString(CultureInfo.InvariantCulture), full));
        }
        roots.Add((Dropped, dropped));
    }

    /// <summary>Tells roots from others: pages keep what they know of files under it.</summary>
    public string Place => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', roots.Where(root => root.Id != Dropped).Select(root => root.Path)))))[..16];

    /// <summary>What is kind enough to be shown at all.</summary>
    public static FileKind KindOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        _ when ImageFolder.IsImage(path) => FileKind.Image,
        var extension when VideoExtensions.Contains(extension) => FileKind.Video,
        var extension when PoseExtensions.Contains(extension) => FileKind.Poses,
        _ => FileKind.Other,
    };

    /// <summary>The path of a file or folder.</summary>
    /// <exception cref="RefusedException">The page may not see it, or it is not there.</exception>
    public string Resolve(string id)
    {
        string[] parts = id.Split('/');
        string? root = roots.Find(one => one.Id == parts[0]).Path;
        if (root is null || parts.Skip(1).Any(IsOdd))
            throw NotVisible();
        string path = Path.GetFullPath(Path.Combine([root, .. parts.Skip(1)]));
        // A link below a root may lead anywhere.
        string real = FileIdentity.FollowLinks(path), allowed = FileIdentity.FollowLinks(root);
        string below = Path.EndsInDirectorySeparator(allowed) ? allowed : allowed + Path.DirectorySeparatorChar;
        if (real != allowed && !real.StartsWith(below, StringComparison.Ordinal))
            throw NotVisible();
        return Path.Exists(path)
            ? path
            : throw new RefusedException(StatusCodes.Status404NotFound, $"There is no file '{id}' any more. Reload the list.");
    }

    /// <summary>The path of a file of a kind.</summary>
    /// <exception cref="RefusedException">The page may not see it, it is not there, or it is of another kind.</exception>
    public string Resolve(string id, FileKind kind)
    {
        string path = Resolve(id);
        return KindOf(path) == kind && !Directory.Exists(path)
            ? path
            : throw new RefusedException(
                StatusCodes.Status400BadRequest, $"'{id}' is not named like {NameOf(kind)}; choose another file.");
    }

    /// <summary>What is in a folder; the roots where none is named. Hidden files and unknown kinds are left out.</summary>
    /// <exception cref="RefusedException">The page may not see it.</exception>
    public IReadOnlyList<FileEntry> List(string? folder)
    {
        if (folder is null)
            return [.. roots.Where(root => root.Id != Dropped || Directory.EnumerateFiles(root.Path).Any()).Select(RootEntry)];
        string path = Resolve(folder);
        if (!Directory.Exists(path))
            throw new RefusedException(StatusCodes.Status400BadRequest, $"'{folder}' is no folder.");
        List<FileEntry> entries = [];
        int count = 0;
        IEnumerable<string> below = Directory.EnumerateFileSystemEntries(path);
        foreach (string entry in below.OrderBy(entry => Path.GetFileName(entry)!, NaturalOrder.Comparer))
        {
            string name = Path.GetFileName(entry);
            FileKind kind = Directory.Exists(entry) ? FileKind.Folder : KindOf(name);
            if (kind == FileKind.Other || IsOdd(name))
                continue;
            if (count++ < MostEntries)
                entries.Add(new FileEntry($"{folder}/{name}", name, WordOf(kind)));
        }
        if (count > MostEntries)
            entries.Add(new FileEntry("", string.Create(CultureInfo.InvariantCulture, $"The first {MostEntries:N0} of {count:N0} are shown."), "note"));
        return entries;
    }

    /// <summary>Every image and video, those in linked folders left out.</summary>
    public IEnumerable<VisibleFile> Media()
    {
        foreach ((string id, string root) in roots)
        {
            if (!Directory.Exists(root))
            {
                if (IsMedia(root))
                    yield return new VisibleFile(id, root);
                continue;
            }
            var below = new FileSystemEnumerable<string>(root, (ref entry) => entry.ToFullPath(), Everywhere)
            {
                ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && IsMedia(entry.FileName.ToString()),
                ShouldRecursePredicate = (ref entry) =>
                    !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && !IsOdd(entry.FileName.ToString()),
            };
            foreach (string path in below)
                yield return new VisibleFile($"{id}/{Path.GetRelativePath(root, path).Replace('\\', '/')}", path);
        }
    }

    /// <summary>Where a file is, and its path below its root, or its name where it is a root itself; null where the root is none.</summary>
    /// <param name="id">By which the page knows it; the file itself may be gone.</param>
    public (string Path, string Name)? PlaceOf(string id)
    {
        string[] parts = id.Split('/', 2);
        if (roots.Find(one => one.Id == parts[0]).Path is not { } root)
            return null;
        return parts is [_, var name] ? (Below(root, name), name) : (root, Path.GetFileName(root));
    }

    /// <summary>Files of other roots that have the same path below theirs, or the same name.</summary>
    public IEnumerable<string> OthersOf(string path, string name) => name.Split('/').Any(IsOdd) ? [] : roots
        .Select(root => Directory.Exists(root.Path) ? Below(root.Path, name) : Path.GetFileName(root.Path) == name ? root.Path : path)
        .Where(other => other != path && File.Exists(other));

    private static FileEntry RootEntry((string Id, string Path) root) => new(
        root.Id,
        root.Id == Dropped ? "Dropped here" : Path.GetFileName(root.Path) is { Length: > 0 } name ? name : root.Path,
        Directory.Exists(root.Path) ? "folder" : WordOf(KindOf(root.Path)));

    private static string Below(string root, string name) => Path.Join(root, name.Replace('/', Path.DirectorySeparatorChar));

    private static bool IsMedia(string path) =>
        !IsOdd(Path.GetFileName(path)) && KindOf(path) is FileKind.Image or FileKind.Video;

    private static bool IsOdd(string name) => name.Length == 0 || name[0] == '.' || name.IndexOfAny(Forbidden) >= 0;

    private static string WordOf(FileKind kind) => kind.ToString().ToLowerInvariant();

    private static string NameOf(FileKind kind) => kind switch
    {
        FileKind.Image => "an image",
        FileKind.Video => "a video",
        _ => "a file of poses",
    };

    private static RefusedException NotVisible() => new(
        StatusCodes.Status403Forbidden,
        "This file is not below the folders that the studio was started with. Start it with the folder: keypointml studio FOLDER");
}

/// <summary>A line of a folder's list.</summary>
/// <param name="Id">By which the page asks for it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>folder</c>, <c>image</c>, <c>video</c> or <c>poses</c>; <c>note</c> where the name says what is left out.</param>
internal sealed record FileEntry(string Id, string Name, string Kind);

/// <summary>An image or video.</summary>
/// <param name="Id">By which the page asks for it.</param>
/// <param name="Path">Where it is.</param>
internal sealed record VisibleFile(string Id, string Path);

/// <summary>What a file is, by its name.</summary>
internal enum FileKind
{
    /// <summary>Nothing that is shown.</summary>
    Other,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A still image.</summary>
    Image,

    /// <summary>A video.</summary>
    Video,

    /// <summary>Predictions or labels.</summary>
    Poses,
}
