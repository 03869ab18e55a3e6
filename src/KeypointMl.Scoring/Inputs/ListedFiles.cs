using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using Microsoft.Extensions.FileSystemGlobbing;

namespace KeypointMl.Scoring.Inputs;

/// <summary>Tells which files, written into a folder, would be listed as inputs: by sources that are folders or globs.</summary>
internal sealed class ListedFiles
{
    private readonly string folder;
    private readonly List<(ScoreSource Source, string Root, string Inside, Matcher? Glob)> watched = [];

    /// <summary>Looks which sources list what is in a folder, through links too.</summary>
    /// <param name="sources">What is scored.</param>
    /// <param name="folder">Where files are written; need not be there.</param>
    public ListedFiles(IEnumerable<ScoreSource> sources, string folder)
    {
        this.folder = Path.GetFullPath(folder);
        string place = FileIdentity.FollowLinks(folder);
        foreach (ScoreSource source in sources)
        {
            bool isFolder = Directory.Exists(source.Path);
            if (!isFolder && (File.Exists(source.Path) || !source.Path.Contains('*')))
                continue;
            string root = InputFiles.RootOf(source);
            string inside = Path.GetRelativePath(FileIdentity.FollowLinks(root), place).Replace('\\', '/');
            if (!Path.IsPathRooted(inside) && inside.Split('/')[0] != "..")
                watched.Add((source, root, inside, isFolder ? null : InputFiles.MatcherOf(source)));
        }
    }

    /// <summary>The source that lists a file; null where none does.</summary>
    /// <param name="path">A full path in the folder; nothing need be there.</param>
    public ScoreSource? SourceOf(string path)
    {
        foreach ((ScoreSource source, string root, string inside, Matcher? glob) in watched)
        {
            string[] parts = [.. inside.Split('/'), .. Path.GetRelativePath(folder, path).Replace('\\', '/').Split('/')];
            parts = [.. parts.Where(part => part != ".")];
            bool isListed = glob is null
                ? ImageFolder.IsImage(path) && !Array.Exists(parts, part => part.StartsWith('.'))
                : glob.Match(root, string.Join('/', parts)).HasMatches;
            if (isListed)
                return source;
        }
        return null;
    }
}
