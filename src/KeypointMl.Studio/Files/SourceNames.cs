using System.Diagnostics;

namespace KeypointMl.Studio.Files;

/// <summary>
/// Which image or video a name means that stands in a file of poses or boxes, and what one is called in a file that is written. A
/// name means the files whose paths end with it. Of several names of a file that do, the longest counts; a name that then still
/// means several files means none, so that nothing is shown over the wrong one.
/// </summary>
/// <param name="files">What the page sees.</param>
internal sealed class SourceNames(VisibleFiles files)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock access = new();
    private Seen? last;

    /// <summary>A name as names are compared: with forward slashes.</summary>
    public static string Plain(string name) => name.Replace('\\', '/');

    /// <summary>The one of a file's names that means an image or video; null where none does.</summary>
    /// <param name="path">The image or video.</param>
    /// <param name="names">All names of the file, each <see cref="Plain"/>; an empty one that stands alone means the only video.</param>
    public string? SourceOf(string path, IReadOnlySet<string> names) =>
        NameFor(path, names) is { } name && Meant(name, names, path) is [{ Path: var only }] && only == path ? name : null;

    /// <summary>By what the page knows the image or video that a name means; null where it means none, or several.</summary>
    /// <param name="name">One of the names.</param>
    /// <param name="names">All names of the file, each <see cref="Plain"/>.</param>
    public string? FileOf(string name, IReadOnlySet<string> names) => Meant(Plain(name), names, null) is [{ Id: var id }] ? id : null;

    /// <summary>By what the page knows a file; null where it does not see it.</summary>
    public string? IdOf(string path) => Look().ByName[Path.GetFileName(path)].FirstOrDefault(file => file.Path == path)?.Id;

    /// <summary>Looks at the folders anew when next asked.</summary>
    public void Refresh()
    {
        lock (access)
            last = null;
    }

    /// <summary>
    /// What a file is called in a file of labels: its path below its root, or its name where it is a root itself; as much more of
    /// its path as tells it apart from another root's file of that name.
    /// </summary>
    /// <param name="id">By which the page knows it.</param>
    public string NameOf(string id)
    {
        if (files.PlaceOf(id) is not var (path, name))
            return id;
        string[] others = [.. files.OthersOf(path, name)];
        if (others.Length == 0)
            return name;
        others = [.. others, .. Look().ByName[Path.GetFileName(path)].Select(file => file.Path).Where(other => other != path)];
        return Ends(Plain(path)).Reverse().First(
            end => end.Length > name.Length && !others.Any(other => EndsWith(Plain(other), end)));
    }

    private IReadOnlyList<VisibleFile> Meant(string name, IReadOnlySet<string> names, string? asked)
    {
        Seen seen = Look();
        IEnumerable<VisibleFile> candidates = name.Length == 0 ? seen.Nameless : seen.ByName[name[(name.LastIndexOf('/') + 1)..]];
        // One that was made a moment ago counts too.
        if (asked is not null && name.Length > 0)
            candidates = candidates.Append(new VisibleFile("", asked));
        return [.. candidates.DistinctBy(file => file.Path).Where(file => NameFor(file.Path, names) == name)];
    }

    private static string? NameFor(string path, IReadOnlySet<string> names) =>
        Ends(Plain(path)).FirstOrDefault(names.Contains) ?? (names.Count == 1 && names.Contains("") ? "" : null);

    // The path and what is left of it folder by folder, the longest first.
    private static IEnumerable<string> Ends(string path)
    {
        yield return path;
        for (int slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            yield return path[(slash + 1)..];
    }

    private static bool EndsWith(string path, string name) => path == name || path.EndsWith("/" + name, StringComparison.Ordinal);

    private Seen Look()
    {
        lock (access)
        {
            // A large disk is not walked through all the time.
            if (last is { } kept && Stopwatch.GetElapsedTime(kept.At) < Fresh + 20 * kept.Took)
                return kept;
            long start = Stopwatch.GetTimestamp();
            VisibleFile[] media = [.. files.Media()];
            VisibleFile[] videos = [.. media.Where(file => VisibleFiles.KindOf(file.Path) == FileKind.Video)];
            return last = new Seen(
                media.ToLookup(file => Path.GetFileName(file.Path), StringComparer.Ordinal), videos.Length > 0 ? videos : media,
                Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(start));
        }
    }

    /// <summary>What was seen.</summary>
    /// <param name="ByName">All images and videos.</param>
    /// <param name="Nameless">What poses may be of that do not name their video.</param>
    /// <param name="At">When.</param>
    /// <param name="Took">How long it took.</param>
    private sealed record Seen(ILookup<string, VisibleFile> ByName, IReadOnlyList<VisibleFile> Nameless, long At, TimeSpan Took);
}
