using KeypointMl.Imaging.Folders;

namespace KeypointMl.Data.Formats.Tables;

/// <summary>
/// Which videos or images the names in a file of labels mean. The file was written elsewhere, so paths are
/// compared from their ends, folder by folder; folders may have other names now where nothing contradicts it.
/// </summary>
internal sealed class LabelledFiles
{
    private readonly ILookup<string, LabelledFile> byFileName;
    private readonly Dictionary<string, int> sourcesOfFileName;
    private readonly HashSet<string> sourceFolders;
    private readonly HashSet<string> folders;

    private LabelledFiles(IEnumerable<string[]> sources, IReadOnlyList<LabelledFile> files)
    {
        string[][] all = [.. sources];
        byFileName = files.ToLookup(file => file.Parts[^1], StringComparer.Ordinal);
        sourcesOfFileName = all.CountBy(source => source[^1], StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        sourceFolders = [.. all.Select(Folder).OfType<string>()];
        folders = [.. files.Select(file => Folder(file.Parts)).OfType<string>()];
    }

    /// <summary>Compares the names of a table with files.</summary>
    /// <param name="table">The labels.</param>
    /// <param name="files">All files that there are, whether they are used or not, with their names among them.</param>
    internal static LabelledFiles Of(PoseTable table, IEnumerable<(string Path, string Name)> files) => new(
        Sources(table).Select(Split), [.. files.Select(file => new LabelledFile(file.Name, Split(Path.GetFullPath(file.Path))))]);

    /// <summary>Compares the folders of the images in a table with videos: DeepLabCut's <c>video/img0123.png</c>.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    internal static LabelledFiles OfFrames(PoseTable table, IEnumerable<(string Path, string Name)> files) => new(
        Sources(table).Where(ImageFolder.IsImage).Select(Split).Where(parts => parts.Length > 1).Select(parts => parts[..^1])
            .DistinctBy(parts => string.Join('/', parts)),
        [.. files.Select(file => new LabelledFile(file.Name, WithoutExtension(Split(Path.GetFullPath(file.Path)))))]);

    /// <summary>The name of the file that a name in the labels means; null where it is none, or may be several.</summary>
    internal string? Find(string source)
    {
        string[] parts = Split(source);
        LabelledFile[] found = [.. byFileName[parts[^1]]];
        string path = string.Join('/', parts);
        if (found.FirstOrDefault(file => file.Name == path) is LabelledFile same)
            return same.Name;
        (LabelledFile File, int Agreement)[] best =
            [.. found.Select(file => (file, Agreement(file.Parts, parts))).OrderByDescending(file => file.Item2).Take(2)];
        if (best.Length == 0 || (best.Length == 2 && best[0].Agreement == best[1].Agreement))
            return null;
        return best[0].Agreement > 1 || MayHaveMoved(best[0].File.Parts, parts) ? best[0].File.Name : null;
    }

    // One file and one name in the labels, of the same end. Images have numbers for names, the same in many folders: where
    // the labels know the file's folder, or the files that of the labels, it is another image.
    private bool MayHaveMoved(string[] file, string[] source)
    {
        bool knows = ImageFolder.IsImage(file[^1]) && Folder(source) is string folder
            && (folders.Contains(folder) || (Folder(file) is string own && sourceFolders.Contains(own)));
        return sourcesOfFileName.GetValueOrDefault(source[^1]) < 2 && !knows;
    }

    private static int Agreement(string[] file, string[] source)
    {
        int count = 0;
        while (count < Math.Min(file.Length, source.Length) && file[^(count + 1)] == source[^(count + 1)])
            count++;
        return count;
    }

    private static IEnumerable<string> Sources(PoseTable table) =>
        table.Rows.Select(row => row.Source).Where(source => source.Length > 0).Distinct(StringComparer.Ordinal);

    private static string? Folder(string[] parts) => parts.Length > 1 ? parts[^2] : null;

    private static string[] Split(string path) => path.Replace('\\', '/').Split('/');

    private static string[] WithoutExtension(string[] parts) => [.. parts[..^1], Path.GetFileNameWithoutExtension(parts[^1])];

    private sealed record LabelledFile(string Name, string[] Parts);
}
