using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Folders;

/// <summary>
/// Counts what a listing of folders leaves out, by kind: other files by their extensions, and links to folders that
/// are visited already.
/// </summary>
public sealed class LeftOutFiles
{
    private const int MaxKinds = 12;
    private readonly SortedDictionary<string, long> kinds = new(StringComparer.Ordinal);
    private string? firstLink;
    private long links;

    /// <summary>Which files were looked for, in words.</summary>
    internal string Wanted { get; init; } = $"images are {ImageFolder.ExtensionList}";

    /// <summary>How many files were left out.</summary>
    public long Files => kinds.Values.Sum();

    /// <summary>
    /// How many folders were left out because they are visited on another path: links to one above or beside them.
    /// </summary>
    public long Links => links;

    /// <summary>Counts a file.</summary>
    internal void AddFile(string name)
    {
        string kind = Path.GetExtension(name).ToLowerInvariant();
        kind = kind.Length == 0 ? "without an extension" : PrintableText.Of(kind);
        kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
    }

    /// <summary>Counts a link.</summary>
    internal void AddLink(string name)
    {
        firstLink ??= name;
        links++;
    }

    /// <summary>What was left out, in a line; null where nothing was.</summary>
    /// <param name="folder">The folder that was listed.</param>
    public string? Describe(string folder)
    {
        List<string> parts = [];
        if (kinds.Count > 0)
        {
            IEnumerable<string> counts = kinds.Take(MaxKinds).Select(kind => FormattableString.Invariant($"{kind.Value} {kind.Key}"));
            parts.Add($"{string.Join(", ", counts)}{(kinds.Count > MaxKinds ? ", …" : "")} ({Wanted})");
        }
        if (firstLink is not null)
        {
            string count = FormattableString.Invariant($"{links} {(links == 1 ? "link" : "links")}");
            parts.Add($"{count} to folders that are listed already, such as '{PrintableText.Of(firstLink)}'");
        }
        return parts.Count == 0 ? null : $"Left out of {PrintableText.Of(folder)}: {string.Join("; ", parts)}.";
    }
}
