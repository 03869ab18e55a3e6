namespace KeypointMl.Imaging.Files;

/// <summary>
/// Refuses pipes, sockets and devices before they are opened: opening one may wait for ever, and reading one may
/// never end.
/// </summary>
internal static class RegularFile
{
    /// <summary>
    /// Looks at what a path leads to, links followed, without opening it. Where nothing is there, nothing is said:
    /// whoever opens it says so.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should be, such as <c>image</c>.</param>
    /// <exception cref="InvalidDataException">It is no regular file; the message says what it is.</exception>
    public static void Require(string path, string what)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (OddKind(path) is { } kind)
        {
            throw new InvalidDataException(
                $"The {what} {PrintableText.Of(path)} is {kind}; expected a regular file. "
                + "Give the path of a file, or copy what it yields into one.");
        }
    }

    /// <summary>What it is, in words, where it is no regular file; null where it is one, or nothing is there.</summary>
    internal static string? OddKind(string path)
    {
        if (LinuxFileStatus.IsKnown)
            return LinuxFileStatus.Of(path)?.OddKind;
        if (Directory.Exists(path))
            return "a folder";
        // Elsewhere pipes and devices show by having no length; Windows does not keep them among files.
        return !OperatingSystem.IsWindows() && File.Exists(path) && Target(path).Length == 0 ? "empty or a pipe, socket or device" : null;
    }

    private static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
