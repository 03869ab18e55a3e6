namespace KeypointMl.Imaging.Files;

/// <summary>Looks at the path of a file that is to be written, before the work that it is to hold.</summary>
internal static class OutputPath
{
    /// <summary>The endings of pictures that are written.</summary>
    internal static readonly string[] Pictures = [".png", ".jpg", ".jpeg"];

    /// <summary>The ending of tables that are written.</summary>
    internal static readonly string[] Tables = [".csv"];

    /// <summary>The ending of videos that are written.</summary>
    internal static readonly string[] Videos = [".mp4"];

    /// <summary>Why nothing can be written there, as the end of a sentence that begins with what it is; null where it can.</summary>
    /// <param name="path">The file.</param>
    /// <param name="extensions">How it may end, in lower case; empty for anything.</param>
    internal static string? Problem(string path, params IReadOnlyList<string> extensions)
    {
        if (string.IsNullOrWhiteSpace(path))
            return "is empty; expected the name of a file.";
        string shown = PrintableText.Of(path);
        if (Directory.Exists(path))
            return $"is '{shown}', which is a folder; expected the name of a file.";
        if (!HasExtension(path, extensions))
            return $"is '{shown}'; expected a name that ends in {string.Join(" or ", extensions)}.";
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return Directory.Exists(folder) ? null : $"is '{shown}', but there is no folder '{PrintableText.Of(folder)}'. Make it first.";
    }

    /// <summary>Whether a name ends as it may.</summary>
    internal static bool HasExtension(string path, IReadOnlyList<string> extensions) =>
        extensions.Count == 0 || extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
